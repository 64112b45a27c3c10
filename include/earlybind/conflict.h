/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who sits on a BAR: what will make "BAR n: can't reserve" when a guest opens it. */
#ifndef EARLYBIND_CONFLICT_H
#define EARLYBIND_CONFLICT_H

#include <earlybind/machine.h>

#define EB_MAX_CONFLICTS 64
#define EB_OWNER_NAME	 40

enum eb_when { EB_BEFORE, EB_AFTER };

/* What helps. The codes are part of the report's format, see earlybind-report(5). */
enum eb_remedy {
	EB_REMEDY_EVICTED,   /* "evicted": vfio-pci takes it away when it binds */
	EB_REMEDY_EFIFB_OFF, /* "efifb-off": video=efifb:off */
	EB_REMEDY_NO_SYSFB,  /* "no-sysfb": only keeping the driver from starting */
};

struct eb_conflict {
	int16_t function;
	uint8_t bar;
	enum eb_when when;
	bool blocks; /* will vfio-pci not get the BAR because of it? */
	enum eb_remedy remedy;
	struct eb_range range; /* the owner's part of address space */
	char owner[EB_OWNER_NAME];
};

struct eb_conflicts {
	unsigned int count;
	unsigned int left_out;
	bool hidden; /* /proc/iomem shows zeros: we are not root */
	struct eb_conflict list[EB_MAX_CONFLICTS];
};

/* One line of /proc/iomem (kernel/resource.c, r_show). */
struct eb_iomem {
	unsigned int depth; /* below how many others it stands */
	struct eb_range range;
	const char *name;
};

/* Read LINE, "  c0000000-cfffffff : NAME"; OUT's name points into it. 0 or -EINVAL. */
int eb_conflict_read_line(const char *line, struct eb_iomem *out);

/* Find who sits on the BARs of the functions of PCI that have a detail, as /proc/iomem
 * below ROOT tells, and add them to CONFLICTS. 0 or negative errno. */
int eb_conflict_scan(int root, const struct eb_pci *pci, const struct eb_machine *machine,
		     enum eb_when when, struct eb_conflicts *conflicts);

/* Is a range of NAME and RANGE that overlaps BAR somebody else's claim on it? Not a
 * bridge window around it, not a PCI device's own line. */
bool eb_conflict_is_owner(const struct eb_iomem *line, const struct eb_bar *bar);

/* Set what blocks and what helps of CONFLICT, whose when, owner and function are set. */
void eb_conflict_judge(const struct eb_pci *pci, const struct eb_machine *machine,
		       struct eb_conflict *conflict);

/* "before" or "after", and the code of a remedy. */
const char *eb_when_name(enum eb_when when);
const char *eb_remedy_name(enum eb_remedy remedy);

/* The remedy as half a sentence that tells a person what to do. */
const char *eb_remedy_text(enum eb_remedy remedy);

#endif
