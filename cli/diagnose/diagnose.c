// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind diagnose: what stands in the way, the evidence, and what to change. */
#include <stdlib.h>
#include <unistd.h>

#include <earlybind/json.h>

#include "diagnose.h"

static void put_text(struct eb_json *json, const char *key, const char *text)
{
	eb_json_key(json, key);
	eb_json_string(json, text[0] ? text : NULL);
}

static void put_item(struct eb_json *json, const struct eb_item *item)
{
	unsigned int i;

	eb_json_open(json, '{');
	put_text(json, "code", item->code);
	put_text(json, "severity", eb_severity_name(item->severity));
	put_text(json, "address", item->address);
	put_text(json, "text", item->text);
	eb_json_key(json, "evidence");
	eb_json_open(json, '[');
	for (i = 0; i < item->evidence; i++)
		eb_json_string(json, item->seen[i]);
	eb_json_close(json, ']');
	put_text(json, "remedy", item->remedy);
	eb_json_close(json, '}');
}

int eb_diagnose_json(const struct eb_diagnosis *d)
{
	struct eb_json json = eb_json_on(STDOUT_FILENO);
	unsigned int i;

	eb_json_open(&json, '{');
	eb_json_key(&json, "schema");
	eb_json_number(&json, 1);
	eb_json_key(&json, "items");
	eb_json_open(&json, '[');
	for (i = 0; i < d->items.count; i++)
		put_item(&json, &d->items.list[i]);
	eb_json_close(&json, ']');
	eb_json_key(&json, "checked");
	eb_json_open(&json, '[');
	for (i = 0; i < d->items.checked; i++)
		eb_json_string(&json, d->items.check[i]);
	eb_json_close(&json, ']');
	eb_json_key(&json, "not_checked");
	eb_json_open(&json, '[');
	for (i = 0; i < d->items.not_checked; i++) {
		eb_json_open(&json, '{');
		put_text(&json, "what", d->items.not_check[i].what);
		put_text(&json, "why", d->items.not_check[i].why);
		eb_json_close(&json, '}');
	}
	eb_json_close(&json, ']');
	eb_json_close(&json, '}');
	return eb_json_end(&json);
}

static int diagnose(struct eb_diagnosis *d)
{
	const struct eb_items *items = &d->items;
	bool look;

	eb_check_report(d);
	if (d->has_report) {
		eb_check_states(d);
		eb_check_bars(d);
		eb_check_findings(d);
		eb_check_displays(d);
	}
	if (d->has_report || d->planned)
		eb_check_devices(d);
	eb_check_image(d);
	eb_check_next_boot(d);
	eb_check_leftovers(d);
	eb_items_sort(&d->items);
	look = eb_items_count(items, EB_ERROR) || eb_items_count(items, EB_WARNING) ||
	       items->left_out;
	return eb_cli_end(d->cli->json ? eb_diagnose_json(d) : eb_diagnose_text(d),
			  look ? EB_EXIT_LOOK : EB_EXIT_WELL);
}

static int run(struct eb_cli *cli)
{
	struct eb_diagnosis *d;
	int code;

	if (cli->argc > 0) {
		eb_cli_error("diagnose takes no argument; see earlybind diagnose --help");
		return EB_EXIT_USAGE;
	}
	if (eb_cli_check_machine(cli))
		return EB_EXIT_USAGE;
	d = calloc(1, sizeof(*d));
	if (!d) {
		eb_cli_error("out of memory");
		return EB_EXIT_USAGE;
	}
	d->cli = cli;
	code = diagnose(d);
	eb_report_free(&d->boot);
	free(d);
	return code;
}

const struct eb_command eb_command_diagnose = {
	.name = "diagnose",
	.args = "",
	.summary = "what stands in the way, the evidence, and what to change",
	.help = "Looks at the report of the boot, at what has happened since, at the installed\n"
		"initramfs and at the next boot's command line, and tells what stands in the way\n"
		"of a guest: what it means, what shows it and what to change. The heaviest first.\n"
		"Changes nothing. Run it as root: others see neither addresses nor the image.\n"
		"\n"
		"--json prints an object with the items, see earlybind(8), which explains each\n"
		"code.\n"
		"\n"
		"Exit status: 0 nothing to look at, 1 an error or a warning, 2 wrong use or\n"
		"unreadable.\n",
	.run = run,
};
