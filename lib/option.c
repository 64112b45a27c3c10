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
	size_t flag; /* where in struct eb_options */
} table[] = {
	{"earlybind.fb", "keep", "release", offsetof(struct eb_options, release_fb)},
	{"earlybind.on_failure", "return", "hold",
	 offsetof(struct eb_options, hold_failed)},
	{"earlybind.nongpu", "refuse", "allow",
	 offsetof(struct eb_options, allow_nongpu)},
	{"earlybind.power", "auto", "on", offsetof(struct eb_options, power_on)},
	{"earlybind.dryrun", "0", "1", offsetof(struct eb_options, dryrun)},
};
#define OPTIONS (sizeof(table) / sizeof(table[0]))

static bool value_is(const struct eb_cmdline_arg *arg, const char *text)
{
	return arg->value && strlen(text) == arg->value_len &&
	       memcmp(text, arg->value, arg->value_len) == 0;
}

static void read_timeout(const struct eb_cmdline_arg *arg, struct eb_options *options,
			 char why[EB_OPTION_WHY])
{
	uint32_t seconds;

	if (arg->value &&
	    eb_addr_read_decimal(arg->value, arg->value_len, EB_MAX_TIMEOUT, &seconds) ==
		    0 &&
	    seconds > 0) {
		options->timeout = seconds;
		return;
	}
	options->timeout = EB_DEFAULT_TIMEOUT;
	snprintf(why, EB_OPTION_WHY, "takes 1 to %d seconds; %d is used", EB_MAX_TIMEOUT,
		 EB_DEFAULT_TIMEOUT);
}

struct eb_options eb_option_defaults(void)
{
	return (struct eb_options){.timeout = EB_DEFAULT_TIMEOUT};
}

enum eb_code eb_option_read(const struct eb_cmdline_arg *arg, struct eb_options *options,
			    char why[EB_OPTION_WHY])
{
	size_t i;

	why[0] = '\0';
	if (eb_cmdline_named(arg, "earlybind.timeout")) {
		read_timeout(arg, options, why);
		return EB_FIND_BAD_VALUE;
	}
	for (i = 0; i < OPTIONS; i++) {
		bool *flag = (bool *)((char *)options + table[i].flag);

		if (!eb_cmdline_named(arg, table[i].name))
			continue;
		*flag = value_is(arg, table[i].on);
		if (!*flag && !value_is(arg, table[i].off))
			snprintf(why, EB_OPTION_WHY, "takes %s or %s; %s is used",
				 table[i].off, table[i].on, table[i].off);
		return EB_FIND_BAD_VALUE;
	}
	snprintf(why, EB_OPTION_WHY,
		 "unknown option, ignored; known are fb, on_failure, nongpu, power, "
		 "timeout and dryrun");
	return EB_FIND_UNKNOWN_OPTION;
}
