// SPDX-License-Identifier: GPL-2.0-or-later
/* From a kernel command line to selectors and options. */
#include <string.h>

#include <earlybind/option.h>
#include <earlybind/request.h>

/* Findings on single items, and on options; what comes after is counted in one. */
#define BAD_ITEMS_SHOWN 24

struct state {
	struct eb_request *request;
	struct eb_findings *findings;
	unsigned int bad_items;
	unsigned int bad_options;
	bool empty; /* said already that an argument is */
	bool last;  /* the argument being read ends where the line may have been cut */
	bool cut;   /* it is a list, or an option that is not understood */
};

static bool slice_is(struct eb_slice slice, const char *text)
{
	return strlen(text) == slice.len && memcmp(text, slice.at, slice.len) == 0;
}

/* Where the item that begins at AT ends: before a comma or at the list's end. */
static size_t item_end(struct eb_slice list, size_t at)
{
	while (at < list.len && list.at[at] != ',')
		at++;
	return at;
}

/* Is WORD one of the items of LIST? */
static bool has_item(struct eb_slice list, const char *word)
{
	size_t start, end;

	for (start = 0; start < list.len; start = end + 1) {
		end = item_end(list, start);
		if (slice_is((struct eb_slice){list.at + start, end - start}, word))
			return true;
	}
	return false;
}

static void bad_item(struct state *s, const struct eb_argument *argument,
		     struct eb_slice item, size_t offset, const char *reason)
{
	struct eb_text *text;

	if (s->bad_items++ >= BAD_ITEMS_SHOWN)
		return;
	text = eb_finding_add(s->findings, EB_FIND_BAD_ITEM, NULL);
	eb_text_add_slice(text, argument->name);
	eb_text_add(text, "=: item '");
	eb_text_add_slice(text,
			  (struct eb_slice){item.at, item.len < 64 ? item.len : 64});
	eb_text_add(text, "' is not understood at offset %u: %s; it is ignored, ",
		    (unsigned int)(item.at - argument->value.at + (ptrdiff_t)offset),
		    reason);
	if (item.len && item.at[0] == '-')
		eb_text_add(text, "so it excludes nothing, and the other items count");
	else
		eb_text_add(text, "the other items count");
}

static void add_item(struct state *s, const struct eb_argument *argument,
		     struct eb_slice item)
{
	struct eb_request *request = s->request;
	struct eb_selector selector;
	const char *reason;
	size_t offset;

	if (eb_selector_parse(item, &selector, &offset, &reason) < 0) {
		bad_item(s, argument, item, offset, reason);
	} else if (s->cut && !selector.exclude && selector.kind != EB_SELECT_NONE) {
		return;
	} else if (request->selectors == EB_MAX_SELECTORS) {
		request->too_long = true;
	} else {
		request->selector[request->selectors++] = selector;
	}
}

static void add_list(struct state *s, const struct eb_argument *argument)
{
	struct eb_slice list = argument->value;
	size_t start, end;

	s->request->asked = true;
	s->cut = s->last;
	if (list.len == 0) {
		struct eb_text *text;

		if (s->empty)
			return;
		s->empty = true;
		text = eb_finding_add(s->findings, EB_FIND_EMPTY_ARGUMENT, NULL);
		eb_text_add_slice(text, argument->name);
		eb_text_add(text,
			    " names no card; write vfio.gpus=BB:DD with an address from "
			    "earlybind list");
		return;
	}
	for (start = 0; start <= list.len; start = end + 1) {
		end = item_end(list, start);
		/* The last of a list that was cut is not what was written: "-0b:0", or
		 * the beginning of "none". */
		if (s->cut && end == list.len)
			s->request->too_long |= end > start && (list.at[start] == '-' ||
								list.at[start] == 'n');
		else
			add_item(s, argument,
				 (struct eb_slice){list.at + start, end - start});
	}
}

/* A finding on an option, its text begun with "NAME=VALUE". */
static struct eb_text *option_finding(struct state *s, enum eb_code code,
				      const struct eb_argument *argument)
{
	struct eb_text *text;

	if (s->bad_options++ >= BAD_ITEMS_SHOWN)
		return eb_finding_drop(s->findings);
	text = eb_finding_add(s->findings, code, NULL);
	eb_text_add_cut(text, argument->name, 64);
	if (argument->value.at) {
		eb_text_add(text, "=");
		eb_text_add_cut(text, argument->value, 64);
	}
	return text;
}

static void add_option(struct state *s, const struct eb_cmdline_arg *arg,
		       const struct eb_argument *argument)
{
	char why[EB_OPTION_WHY];
	enum eb_code code = eb_option_read(arg, &s->request->options, why);
	struct eb_text *text;

	if (!why[0])
		return;
	/* It may have been earlybind.dryrun=1. */
	if (s->last)
		s->cut = s->request->too_long = true;
	text = option_finding(s, code, argument);
	eb_text_add(text, ": %s", why);
}

static void add_vfio_ids(struct eb_request *request, struct eb_slice list)
{
	struct eb_vfio_id id;
	size_t start, end;

	/* The module keeps the last of several. */
	request->vfio_ids = 0;
	for (start = 0; start < list.len; start = end + 1) {
		end = item_end(list, start);
		if (eb_vfio_ids_read((struct eb_slice){list.at + start, end - start},
				     &id) < 0)
			continue;
		if (request->vfio_ids < EB_MAX_VFIO_IDS)
			request->vfio_id[request->vfio_ids++] = id;
		else
			request->left_out++;
	}
}

static void keep_argument(struct eb_request *request, const struct eb_argument *argument)
{
	if (request->arguments < EB_MAX_ARGUMENTS)
		request->argument[request->arguments++] = *argument;
	else
		request->left_out++;
}

/* What switches the IOMMU: of intel_iommu= the last word counts (drivers/iommu/intel/
 * iommu.c, intel_iommu_setup); iommu=off (arch/x86/kernel/pci-dma.c, iommu_setup) and
 * amd_iommu=off (drivers/iommu/amd/init.c) are not taken back by anything. */
static void add_iommu(struct eb_request *request, const struct eb_cmdline_arg *arg,
		      struct eb_slice value)
{
	if (eb_cmdline_named(arg, "intel_iommu")) {
		if (has_item(value, "on"))
			request->intel_iommu_on = true;
		if (has_item(value, "off"))
			request->intel_iommu_on = false;
	} else if (eb_cmdline_named(arg, "iommu") || eb_cmdline_named(arg, "amd_iommu")) {
		if (has_item(value, "off"))
			request->iommu_off = true;
	}
}

/* What follows "off" does not matter (drivers/video/fbdev/core/fb_cmdline.c,
 * fb_get_options), and a name counts at the start alone. */
static bool begins_efifb_off(struct eb_slice value)
{
	static const char text[] = "efifb:off";

	return value.len >= sizeof(text) - 1 &&
	       memcmp(value.at, text, sizeof(text) - 1) == 0;
}

static bool is_list(const struct eb_cmdline_arg *arg)
{
	return eb_cmdline_named(arg, "vfio.gpus") ||
	       eb_cmdline_named(arg, "rd.vfio.gpus");
}

bool eb_request_is_ours(const struct eb_cmdline_arg *arg)
{
	return is_list(arg) || eb_cmdline_prefixed(arg, "earlybind.");
}

static void add_argument(struct state *s, const struct eb_cmdline_arg *arg)
{
	const struct eb_argument argument = {.name = {arg->name, arg->name_len},
					     .value = {arg->value, arg->value_len}};

	if (is_list(arg)) {
		keep_argument(s->request, &argument);
		add_list(s, &argument);
	} else if (eb_cmdline_prefixed(arg, "earlybind.")) {
		keep_argument(s->request, &argument);
		add_option(s, arg, &argument);
	} else if (eb_cmdline_named(arg, "video")) {
		s->request->efifb_off |= begins_efifb_off(argument.value);
	} else if (eb_cmdline_named(arg, "initcall_blacklist")) {
		s->request->sysfb_off |= has_item(argument.value, "sysfb_init");
	} else if (eb_cmdline_named(arg, "nomodeset")) {
		s->request->nomodeset = true;
	} else if (eb_cmdline_named(arg, "vfio-pci.ids")) {
		add_vfio_ids(s->request, argument.value);
	} else {
		add_iommu(s->request, arg, argument.value);
	}
}

static void say_too_long(struct state *s, size_t len)
{
	struct eb_text *text = eb_finding_add(s->findings, EB_FIND_TOO_LONG, NULL);

	if (len > EB_MAX_CMDLINE)
		eb_text_add(text, "the kernel command line has more than %d bytes",
			    EB_MAX_CMDLINE);
	else if (s->cut)
		eb_text_add(text,
			    "the kernel command line has %u bytes and may have been cut "
			    "within its last argument",
			    (unsigned int)len);
	else
		eb_text_add(text, "vfio.gpus= has more than %d items", EB_MAX_SELECTORS);
	eb_text_add(text, "%s; shorten it, with nvidia, amd or all for many cards",
		    s->request->too_long
			    ? ", and what is lost may exclude cards: nothing is claimed"
			    : ": nothing in that list is claimed");
}

/* Those that were not shown one by one. */
static void say_more(struct eb_findings *findings, enum eb_code code, unsigned int bad,
		     const char *what)
{
	struct eb_text *text;

	if (bad <= BAD_ITEMS_SHOWN)
		return;
	text = eb_finding_add(findings, code, NULL);
	eb_text_add(text, "%u more %s were not understood", bad - BAD_ITEMS_SHOWN, what);
}

void eb_request_read(const char *cmdline, size_t len, struct eb_request *request,
		     struct eb_findings *findings)
{
	struct eb_cmdline line = {.text = cmdline,
				  .len = len < EB_MAX_CMDLINE ? len : EB_MAX_CMDLINE};
	struct state state = {.request = request, .findings = findings};
	struct eb_cmdline_arg arg;

	memset(request, 0, sizeof(*request));
	request->options = eb_option_defaults();
	request->too_long = len > EB_MAX_CMDLINE;
	while (eb_cmdline_next(&line, &arg)) {
		state.last = len >= EB_WHOLE_CMDLINE && line.at == len;
		add_argument(&state, &arg);
	}
	if (!request->asked)
		return;
	if (request->too_long || state.cut)
		say_too_long(&state, len);
	say_more(findings, EB_FIND_BAD_ITEM, state.bad_items, "items");
	say_more(findings, EB_FIND_UNKNOWN_OPTION, state.bad_options,
		 "earlybind options");
}
