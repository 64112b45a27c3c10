/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What helps against a conflict: codes, and a half sentence for each. */
#ifndef EARLYBIND_REMEDY_H
#define EARLYBIND_REMEDY_H

/* What helps. The codes are part of the report's format, see earlybind-report(5). */
enum eb_remedy {
	EB_REMEDY_NONE,	    /* "none": not judged yet */
	EB_REMEDY_EVICTED,  /* "evicted": vfio-pci makes it go when it binds */
	EB_REMEDY_RELEASE,  /* "release": earlybind.fb=release */
	EB_REMEDY_NO_SYSFB, /* "no-sysfb": only keeping it from starting */
	EB_REMEDY_FIRMWARE, /* "firmware": show the firmware's screen elsewhere */
	EB_REMEDY_OWNER,    /* "owner": find out who it is */
	EB_REMEDY_ABOVE_4G, /* "above-4g": room for the BAR above 4 GiB */
	EB_REMEDY_REALLOC,  /* "realloc": room by the kernel alone */
	EB_REMEDY_HOTPLUG,  /* "hot-plug": larger windows below hot-plug ports */
	EB_REMEDY_HOST,	    /* "host-driver": a driver of the host makes it go */
	EB_REMEDIES	    /* how many */
};

/* "evicted" and so on. */
const char *eb_remedy_name(enum eb_remedy remedy);

/* The remedy as half a sentence that tells a person what to do. */
const char *eb_remedy_text(enum eb_remedy remedy);

#endif
