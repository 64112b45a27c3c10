// SPDX-License-Identifier: GPL-2.0-or-later
/* Leftovers on the kernel's command line, and what this kernel makes of them. */
#include <stdio.h>
#include <string.h>

#include <earlybind/cmdline.h>

#include "leftovers.h"

#define NEEDLESS \
	"arguments on the kernel command line are needless now, or unknown to this kernel"

static bool value_is(const struct eb_cmdline_arg *arg, const char *text)
{
	return arg->value && arg->value_len == strlen(text) &&
	       memcmp(arg->value, text, arg->value_len) == 0;
}

/* Is TEXT somewhere in the value? */
static bool value_has(const struct eb_cmdline_arg *arg, const char *text)
{
	size_t len = strlen(text), i;

	for (i = 0; arg->value && i + len <= arg->value_len; i++)
		if (memcmp(arg->value + i, text, len) == 0)
			return true;
	return false;
}

static void see_needless(struct eb_leftovers *left, const char *where, const char *why)
{
	char line[320];

	snprintf(line, sizeof(line), "%.160s: %s", where, why);
	eb_leftovers_add(left, EB_ITEM_NEEDLESS_ARGUMENT, NEEDLESS, line);
}

/* Has the kernel the patch for pcie_acs_override=? 1, 0, or -1 where that is not known.
 * By its log; else by who built it: kernels of Proxmox have it, those of Debian and of
 * Ubuntu have not. */
static int has_acs_patch(const struct eb_leftovers *left)
{
	const char *release = left->cli->survey->machine.release;

	if (left->acs_patch || strstr(release, "-pve"))
		return 1;
	return strstr(left->unknown, "pcie_acs_override") || strstr(release, "-amd64") ||
			       strstr(release, "-generic")
		       ? 0
		       : -1;
}

#define ACS                                                                               \
	"pcie_acs_override makes IOMMU groups look smaller than they are: devices that "  \
	"share a path can reach each other's memory past the IOMMU, so that a guest may " \
	"reach the host's or another guest's"

static void see_acs(struct eb_leftovers *left, const char *where)
{
	int patch = has_acs_patch(left);

	if (patch == 0)
		see_needless(left, where,
			     "this kernel is without that patch; groups are as they are");
	else
		eb_leftovers_add(left, EB_ITEM_ACS_OVERRIDE,
				 patch > 0 ? ACS
					   : ACS
					 "; whether this kernel has the patch that "
					 "reads it is not known",
				 where);
}

/* Was CODE said already, as an item or by the plan? */
static bool was_said(const struct eb_leftovers *left, enum eb_code code)
{
	const struct eb_findings *findings = &left->cli->survey->findings;
	unsigned int i;

	for (i = 0; i < findings->count; i++)
		if (findings->list[i].code == code)
			return true;
	return eb_items_find(left->items, eb_code_name(code), NULL) != NULL;
}

/* A framebuffer that is kept from the host's own card as well. video-off tells already of
 * one that has not helped. */
static void see_framebuffer(struct eb_leftovers *left, const char *where)
{
	if (was_said(left, EB_FIND_VIDEO_OFF))
		return;
	eb_leftovers_add(
		left, EB_ITEM_FRAMEBUFFER_OFF,
		"the firmware's framebuffer is switched off for all cards: the "
		"host's own early screen goes with it, and video=efifb:off is read "
		"by efifb alone, not by what newer kernels have in its place",
		where);
}

/* Does the host keep a display card that a driver could drive? */
static bool keeps_card(const struct eb_survey *survey)
{
	unsigned int i;

	for (i = 0; i < survey->pci.count; i++)
		if (eb_pci_is_display(&survey->pci.function[i]) &&
		    !eb_plan_takes(&survey->plan, (int)i))
			return true;
	return false;
}

static void see_blacklist(struct eb_leftovers *left, const struct eb_cmdline_arg *arg,
			  const char *where)
{
	size_t at, end, i;
	char name[64];

	for (at = 0; arg->value && at < arg->value_len; at = end + 1) {
		for (end = at; end < arg->value_len && arg->value[end] != ','; end++)
			;
		snprintf(name, sizeof(name), "%.*s", (int)(end - at), arg->value + at);
		for (i = 0; name[i]; i++)
			if (name[i] == '-')
				name[i] = '_';
		eb_leftovers_blacklist(left, name, where);
	}
}

static void see_argument(struct eb_leftovers *left, const struct eb_cmdline_arg *arg)
{
	char where[256];

	snprintf(where, sizeof(where), "/proc/cmdline: %.*s%s%.*s",
		 (int)(arg->name_len < 40 ? arg->name_len : 40), arg->name,
		 arg->value ? "=" : "",
		 (int)(arg->value_len < 120 ? arg->value_len : 120),
		 arg->value ? arg->value : "");
	if (eb_cmdline_named(arg, "pcie_acs_override"))
		see_acs(left, where);
	else if ((eb_cmdline_named(arg, "video") && value_has(arg, "fb:off")) ||
		 (eb_cmdline_named(arg, "initcall_blacklist") &&
		  value_has(arg, "sysfb_init")))
		see_framebuffer(left, where);
	else if (eb_cmdline_named(arg, "amd_iommu") && value_is(arg, "on"))
		see_needless(
			left, where,
			"the kernel knows no such value, AMD's IOMMU is on without it");
	else if (eb_cmdline_named(arg, "vfio-pci.ids") &&
		 !was_said(left, EB_FIND_IDS_TAKE_MORE))
		see_needless(left, where, "vfio.gpus= needs no ids");
	else if (eb_cmdline_named(arg, "rd.driver.pre") && value_has(arg, "vfio"))
		see_needless(left, where, "earlybind loads vfio-pci itself");
	else if (eb_cmdline_named(arg, "modprobe.blacklist") ||
		 eb_cmdline_named(arg, "module_blacklist") ||
		 eb_cmdline_named(arg, "rd.driver.blacklist"))
		see_blacklist(left, arg, where);
	else if (eb_cmdline_named(arg, "nomodeset") && !arg->value) {
		if (keeps_card(left->cli->survey))
			eb_leftovers_add(
				left, EB_ITEM_MODESET_OFF,
				"nomodeset keeps the graphics drivers of the host's "
				"own card from working",
				where);
		else
			see_needless(left, where, "the host keeps no card");
	}
}

void eb_leftovers_arguments(struct eb_leftovers *left)
{
	struct eb_cmdline line = {.text = left->command_line,
				  .len = strlen(left->command_line)};
	struct eb_cmdline_arg arg;

	while (eb_cmdline_next(&line, &arg))
		see_argument(left, &arg);
}
