// SPDX-License-Identifier: GPL-2.0-or-later
/* What helps against a conflict: codes, and a half sentence for each. */
#include <earlybind/remedy.h>
#include <earlybind/text.h>

/* In the order of enum eb_remedy. */
#define REMEDIES(REMEDY)                                                                 \
	REMEDY(NONE, "none", "")                                                         \
	REMEDY(EVICTED, "evicted", "vfio-pci evicts it when it binds")                   \
	REMEDY(RELEASE, "release", "add earlybind.fb=release")                           \
	REMEDY(NO_SYSFB, "no-sysfb",                                                     \
	       "unbinding its driver does not free it: boot with "                       \
	       "initcall_blacklist=sysfb_init; every screen is then dark until its own " \
	       "driver loads")                                                           \
	REMEDY(FIRMWARE, "firmware",                                                     \
	       "initcall_blacklist=sysfb_init has no effect on this kernel: make "       \
	       "another card the primary display")                                       \
	REMEDY(OWNER, "owner",                                                           \
	       "it is not the firmware's framebuffer: prevent what claims it from "      \
	       "starting")                                                               \
	REMEDY(ABOVE_4G, "above-4g",                                                     \
	       "enable 'Above 4G Decoding' in the firmware setup, or add pci=realloc")   \
	REMEDY(REALLOC, "realloc", "add pci=realloc")                                    \
	REMEDY(HOTPLUG, "hot-plug",                                                      \
	       "add pci=realloc or pci=hpmmiosize=SIZE: it is behind a hot-plug port")   \
	REMEDY(HOST, "host-driver",                                                      \
	       "the driver of the host's VGA card evicts it when it loads")

#define ROW(remedy, name, text)	  ROW_##remedy,
#define TEXTS(remedy, name, text) name "\0" text "\0"

static const char texts[] = REMEDIES(TEXTS);

enum { REMEDIES(ROW) };
#define ORDERED(remedy, name, text) \
	_Static_assert((int)ROW_##remedy == (int)EB_REMEDY_##remedy, "in order");
REMEDIES(ORDERED)

const char *eb_remedy_name(enum eb_remedy remedy)
{
	return eb_text_nth(texts, 2 * remedy);
}

const char *eb_remedy_text(enum eb_remedy remedy)
{
	return eb_text_nth(texts, 2 * remedy + 1);
}
