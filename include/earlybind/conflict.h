/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What occupies a BAR and will make "BAR n: can't reserve" when a guest opens it. */
#ifndef EARLYBIND_CONFLICT_H
#define EARLYBIND_CONFLICT_H

#include <earlybind/klog.h>
#include <earlybind/locked.h>
#include <earlybind/machine.h>
#include <earlybind/remedy.h>

#define EB_MAX_CONFLICTS 64
#define EB_OWNER_NAME	 40

enum eb_when { EB_BEFORE, EB_AFTER };

/* The owner of a BAR that has no address. */
#define EB_OWNER_UNASSIGNED "unassigned"

struct eb_conflict {
	int16_t function;
	uint8_t bar;
	enum eb_when when;
	bool blocks; /* will vfio-pci not get the BAR because of it? */
	enum eb_remedy remedy;
	struct eb_range range; /* the owner's part of address space */
	int16_t evidence;      /* a line of the kernel log, or -1 */
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
	unsigned int depth; /* number of ranges that enclose it */
	struct eb_range range;
	const char *name;
};

/* Read LINE, "  c0000000-cfffffff : NAME"; OUT's name points into it. 0 or -EINVAL. */
int eb_conflict_read_line(const char *line, struct eb_iomem *out);

/* Find what occupies the BARs of the functions of PCI that have a detail, by /proc/iomem
 * below ROOT, and which memory BARs have no address, by the BARs and KLOG, and add them
 * to CONFLICTS, not judged yet (judge.h). 0 or negative errno. */
int eb_conflict_scan(int root, const struct eb_pci *pci, const struct eb_machine *machine,
		     const struct eb_klog *klog, enum eb_when when,
		     struct eb_conflicts *conflicts);

/* Can the kernel log tell of a BAR of DETAIL's function that has no address? One that the
 * kernel gave up may be all zeros in `resource`, as if there were no such BAR
 * (drivers/pci/setup-bus.c, reset_resource). Its register still says otherwise; that is
 * read by LOCKED, since it waits for a reset that is going on (drivers/pci/access.c,
 * pci_wait_cfg). Where that cannot be read the answer is yes. The register of a BAR with
 * 32 bits, not prefetchable, is zero as well until someone has programmed it: then
 * nothing but the log tells. It is asked for display functions that also have a BAR with
 * 64 bits, as graphics cards have; those of AMD and NVIDIA have no zeros when all is
 * well. Other functions of cards have BAR 0 alone (HD Audio 3.2, xHCI 5.2.1). */
bool eb_conflict_asks_log(const struct eb_locked *locked, const struct eb_pci *pci,
			  const struct eb_detail *detail);

/* Is a range of NAME and RANGE that overlaps BAR somebody else's claim on it? Not a
 * bridge window around it, not a PCI device's own line. */
bool eb_conflict_is_owner(const struct eb_iomem *line, const struct eb_bar *bar);

/* Is CONFLICT that the BAR has no address? */
bool eb_conflict_is_unassigned(const struct eb_conflict *conflict);

/* "before" or "after". */
const char *eb_conflict_when(enum eb_when when);

#endif
