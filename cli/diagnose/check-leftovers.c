// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnose: what did an older recipe leave behind? */
#include "diagnose.h"
#include "leftovers.h"

void eb_check_leftovers(struct eb_diagnosis *d)
{
	/* Where nothing is asked of earlybind the recipe may be what claims the cards,
	 * and then none of it is needless. */
	if (!d->has_report && !d->planned) {
		eb_items_not_checked(
			&d->items, "leftovers",
			"nothing was asked of earlybind in this boot: what an "
			"older recipe wrote may be in use");
		return;
	}
	eb_leftovers_find(d->cli, &d->items);
	eb_items_checked(&d->items, "leftovers");
}
