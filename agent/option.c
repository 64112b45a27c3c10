// SPDX-License-Identifier: GPL-2.0-or-later
/* The earlybind.* arguments: names, values, defaults. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/option.h>

/* Those of two values; the first is the default. */
static const struct {
	const char *name;
	const char *off;
	const char *on;
	size_t flag; /* where in a request */
} options[] = {
	{"earlybind.fb", "keep", "release", offsetof(struct eb_request, release_fb)},
	{"earlybind.on_failure", "return", "hold",
	 offsetof(struct eb_request, hold_failed)},
	{"earlybind.nongpu", "refuse", "allow",
	 offsetof(struct eb_request, allow_nongpu)},
	{"earlybind.power", "auto", "on", offsetof(struct eb_request, power_on)},
	{"earlybind.dryrun", "0", "1", offsetof(struct eb_request, dryrun)},
};
#define OPTIONS (sizeof(options) / sizeof(options[0]))

static bool value_is(const struct eb_cmdline_arg *arg, const char *text)
{
	return arg->value && strlen(text) == arg->value_len &&
	       memcmp(text, arg->value, arg->value_len) == 0;
}

static void read_timeout(const struct eb_cmdline_arg *arg, struct eb_request *request,
			 char why[EB_OPTION_WHY])
{
	uint32_t seconds;

	if (arg->value &&
	    eb_decimal_read(arg->value, arg->value_len, EB_MAX_TIMEOUT, &seconds) == 0 &&
	    seconds > 0) {
		request->timeout = seconds;
		return;
	}
	request->timeout = EB_DEFAULT_TIMEOUT;
	snprintf(why, EB_OPTION_WHY, "takes 1 to %d seconds; %d is used", EB_MAX_TIMEOUT,
		 EB_DEFAULT_TIMEOUT);
}

enum eb_code eb_option_read(const struct eb_cmdline_arg *arg, struct eb_request *request,
			    char why[EB_OPTION_WHY])
{
	size_t i;

	why[0] = '\0';
	if (eb_cmdline_named(arg, "earlybind.timeout")) {
		read_timeout(arg, request, why);
		return EB_FIND_BAD_VALUE;
	}
	for (i = 0; i < OPTIONS; i++) {
		bool *flag = (bool *)((char *)request + options[i].flag);

		if (!eb_cmdline_named(arg, options[i].name))
			continue;
		*flag = value_is(arg, options[i].on);
		if (!*flag && !value_is(arg, options[i].off))
			snprintf(why, EB_OPTION_WHY, "takes %s or %s; %s is used",
				 options[i].off, options[i].on, options[i].off);
		return EB_FIND_BAD_VALUE;
	}
	snprintf(why, EB_OPTION_WHY,
		 "earlybind has no such option, it was left out; there are fb, "
		 "on_failure, nongpu, power, timeout and dryrun");
	return EB_FIND_UNKNOWN_OPTION;
}
