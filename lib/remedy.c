// SPDX-License-Identifier: GPL-2.0-or-later
/* What helps against a conflict: codes, and a half sentence for each. */
#include <earlybind/remedy.h>

static const struct {
	const char *name;
	const char *text;
} remedies[] = {
	[EB_REMEDY_NONE] = {"none", ""},
	[EB_REMEDY_EVICTED] = {"evicted", "vfio-pci evicts it when it binds"},
	[EB_REMEDY_RELEASE] = {"release", "add earlybind.fb=release"},
	[EB_REMEDY_NO_SYSFB] =
		{"no-sysfb",
		 "unbinding its driver does not free it: boot with "
		 "initcall_blacklist=sysfb_init; every screen is then dark until its own "
		 "driver loads"},
	[EB_REMEDY_FIRMWARE] =
		{"firmware",
		 "initcall_blacklist=sysfb_init has no effect on this kernel: make "
		 "another card the primary display"},
	[EB_REMEDY_OWNER] =
		{"owner",
		 "it is not the firmware's framebuffer: prevent what claims it from "
		 "starting"},
	[EB_REMEDY_ABOVE_4G] =
		{"above-4g",
		 "enable 'Above 4G Decoding' in the firmware setup, or add pci=realloc"},
	[EB_REMEDY_REALLOC] = {"realloc", "add pci=realloc"},
	[EB_REMEDY_HOTPLUG] =
		{"hot-plug",
		 "add pci=realloc or pci=hpmmiosize=SIZE: it is behind a hot-plug port"},
	[EB_REMEDY_HOST] = {"host-driver",
			    "the driver of the host's VGA card evicts it when it loads"},
};

const char *eb_remedy_name(enum eb_remedy remedy)
{
	return remedies[remedy].name;
}

const char *eb_remedy_text(enum eb_remedy remedy)
{
	return remedies[remedy].text;
}
