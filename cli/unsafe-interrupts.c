// SPDX-License-Identifier: GPL-2.0-or-later
/* May guests open cards whose interrupts are not remapped, by the configuration? */
#include "module-option.h"
#include "unsafe-interrupts.h"

bool eb_unsafe_allowed(const struct eb_cli *cli)
{
	return eb_module_option(cli, "vfio_iommu_type1", "allow_unsafe_interrupts");
}

void eb_unsafe_drop(const struct eb_cli *cli)
{
	struct eb_findings *findings = &cli->survey->findings;
	unsigned int i, kept = 0;

	if (!cli->survey->machine.no_remapping || !eb_unsafe_allowed(cli))
		return;
	cli->survey->machine.no_remapping = false;
	for (i = 0; i < findings->count; i++)
		if (findings->list[i].code != EB_FIND_NO_REMAPPING)
			findings->list[kept++] = findings->list[i];
	findings->count = kept;
}
