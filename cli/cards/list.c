// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind list: the graphics cards, and the argument that claims each. */
#include "list.h"

static bool has_group(const struct eb_groups *groups, int32_t group)
{
	unsigned int i;

	for (i = 0; i < groups->count; i++)
		if (groups->group[i] == group)
			return true;
	return false;
}

struct eb_groups eb_list_groups(const struct eb_pci *pci, unsigned int card)
{
	struct eb_groups groups = {.card = card};
	unsigned int i;

	for (i = card; i < pci->count && groups.count < EB_LIST_GROUPS; i++) {
		const struct eb_function *f = &pci->function[i];

		if (eb_part_of(pci, card, i) == EB_PART_FUNCTION &&
		    f->group != EB_NO_GROUP && !has_group(&groups, f->group))
			groups.group[groups.count++] = f->group;
	}
	return groups;
}

bool eb_list_shares(const struct eb_pci *pci, const struct eb_groups *groups,
		    unsigned int function)
{
	const struct eb_function *f = &pci->function[function];

	return !f->bridge && has_group(groups, f->group) &&
	       eb_part_of(pci, groups->card, function) != EB_PART_FUNCTION;
}

const char *eb_list_obstacle(const struct eb_survey *survey, unsigned int function)
{
	const struct eb_device *device = eb_plan_find(&survey->plan, (int)function);

	return device && device->result == EB_RESULT_REFUSED ? device->reason : NULL;
}

static bool has_card(const struct eb_pci *pci)
{
	unsigned int i;

	for (i = 0; i < pci->count; i++)
		if (eb_part_is_card(pci, i))
			return true;
	return false;
}

static const char *const formats[] = {"text", "json", "addresses"};
static int (*const printers[])(const struct eb_cli *cli) = {
	eb_list_text,
	eb_list_json,
	eb_list_addresses,
};

static int run(struct eb_cli *cli)
{
	int format = eb_cli_find_format(cli, "list", formats,
					sizeof(formats) / sizeof(formats[0]));
	struct eb_survey *survey = cli->survey;
	int err;

	if (format < 0)
		return EB_EXIT_USAGE;

	if (cli->argc > 0) {
		eb_cli_error("list takes no argument; what '%s' would do says: "
			     "earlybind plan '%s'",
			     cli->argv[0], cli->argv[0]);
		return EB_EXIT_USAGE;
	}
	if (eb_cli_check_machine(cli))
		return EB_EXIT_USAGE;
	/* What cannot be claimed, and why, is what a plan for all cards says. */
	eb_cli_request_text(cli, "vfio.gpus=all");
	eb_survey_machine(survey, cli->root);
	err = printers[format](cli);
	return eb_cli_end(err, survey->machine.iommu && has_card(&survey->pci) &&
					       survey->pci.left_out == 0
				       ? EB_EXIT_WELL
				       : EB_EXIT_LOOK);
}

const struct eb_command eb_command_list = {
	.name = "list",
	.args = "",
	.options = "[--json] [--format NAME]",
	.summary = "the graphics cards here, and the argument that claims each",
	.help = "Shows each graphics card with its functions, their drivers and IOMMU groups,\n"
		"what shares a group with it, whether the console is on it, and the arguments\n"
		"for the kernel command line that claim it.\n"
		"\n"
		"--format is text, json (as --json) or addresses: a line for each slot of a card,\n"
		"for scripts, see earlybind(8).\n"
		"\n"
		"Exit status: 0, or 1 when there is no card, no IOMMU, or more than could be\n"
		"looked at; 2 when the machine cannot be read.\n",
	.run = run,
};
