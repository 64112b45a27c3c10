// SPDX-License-Identifier: GPL-2.0-or-later
/* One plan carried out on the fake kernel, and what must come of it. */
#include <stdio.h>
#include <string.h>

#include "apply.h"
#include <earlybind/card.h>

#include "fake-scene.h"
#include "unit.h"

static struct scene_end end;

static const struct fake_device usual[FAKE_DEVICES] = {
	{.addr = "0000:05:00.0"},
	{.addr = "0000:05:00.1"},
	{.addr = "0000:06:00.0", .driver = "nouveau", .own = "nouveau"},
};

static const char *const drivers[] = {"", "nouveau", "vfio-pci"};

static bool is(const char *a, const char *b)
{
	return a && strcmp(a, b) == 0;
}

/* The devices of the fake kernel as the scan would have seen them. */
static void see(const struct scene *scene)
{
	struct eb_pci *pci = &end.survey.pci;
	size_t i;

	for (i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		snprintf(pci->driver[i], EB_DRIVER_NAME, "%s", drivers[i]);
	pci->drivers = (unsigned int)i;
	end.survey.machine.boot_display = EB_NO_FUNCTION;
	for (i = 0; i < FAKE_DEVICES && end.kernel.device[i].addr; i++) {
		const struct fake_device *d = &end.kernel.device[i];
		struct eb_function *f = &pci->function[i];
		struct eb_device *device = &end.survey.plan.device[i];

		*f = (struct eb_function){.class = 0x030000, .group = (int)i};
		f->parent = f->detail = f->card = f->display = EB_NO_FUNCTION;
		assert_int_equal(eb_addr_parse(d->addr, strlen(d->addr), &f->addr), 0);
		while (d->driver && !is(d->driver, drivers[f->driver]))
			f->driver++;
		*device = (struct eb_device){.function = (int16_t)i};
		if (is(scene->refused, d->addr))
			device->result = EB_RESULT_REFUSED;
		else if (is(d->driver, "vfio-pci"))
			device->result = EB_RESULT_CLAIMED;
		if (is(scene->boot, d->addr))
			end.survey.machine.boot_display = (int)i;
	}
	pci->count = end.survey.plan.count = (unsigned int)i;
	eb_card_group(pci);
}

/* The firmware's framebuffer, as far as it was seen before. */
static void see_framebuffer(const struct scene *scene)
{
	struct eb_survey *s = &end.survey;
	unsigned int i;

	end.kernel.framebuffer = scene->framebuffer;
	end.kernel.evicts = scene->evicts;
	s->framebuffers.consoles = scene->framebuffer || scene->console;
	snprintf(s->framebuffers.console[0], EB_FRAMEBUFFER_NAME, "vtcon1");
	s->framebuffers.count = scene->framebuffer || scene->console;
	snprintf(s->framebuffers.list[0].device, EB_FRAMEBUFFER_NAME,
		 "platform-framebuffer.0");
	if (!scene->framebuffer)
		return;
	for (i = 0; i < s->plan.count; i++)
		if (is(scene->framebuffer, end.kernel.device[i].addr))
			s->conflicts.list[0].function = (int16_t)i;
	s->machine.framebuffer = (struct eb_range){0xe0000000, 0xe07e8fff};
	s->conflicts.list[0].range = s->machine.framebuffer;
	snprintf(s->conflicts.list[0].owner, EB_OWNER_NAME,
		 scene->bootfb ? "BOOTFB" : "efifb");
	s->conflicts.count = 1;
	snprintf(s->framebuffers.list[0].device, EB_FRAMEBUFFER_NAME,
		 "efi-framebuffer.0");
	snprintf(s->framebuffers.list[0].driver, EB_FRAMEBUFFER_NAME, "efi-framebuffer");
}

static void carry_out(const struct scene *scene, const struct eb_ops *ops)
{
	struct eb_survey *s = &end.survey;
	const struct eb_apply apply = {.ops = ops,
				       .request = &s->request,
				       .pci = &s->pci,
				       .machine = &s->machine,
				       .conflicts = &s->conflicts,
				       .framebuffers = &s->framebuffers,
				       .plan = &s->plan,
				       .findings = &s->findings};

	s->request.options.timeout = 7;
	s->request.options.hold_failed = scene->hold_failed;
	s->request.options.power_on = scene->power_on;
	s->request.options.release_fb = scene->release_fb;
	snprintf(s->machine.release, sizeof(s->machine.release), "6.1.0-test");
	eb_apply_hold(&apply);
	eb_apply_bind(&apply);
}

static void expect(const struct scene *scene, const char *what, const char *got,
		   const char *wanted)
{
	if (!is(got, wanted ? wanted : ""))
		fail_msg("%s: %s\n  got      '%s'\n  expected '%s'", scene->name, what,
			 got, wanted);
}

/* It was not held, and nothing more was done with it. */
static bool holding_failed(const struct eb_device *device)
{
	return strncmp(device->reason, "writing vfio-pci", 16) == 0 ||
	       strncmp(device->reason, "loading vfio-pci", 16) == 0;
}

static void expect_devices(const struct scene *scene)
{
	struct eb_text result, driver, override;
	char buf[3][128];
	bool unread; /* a driver */
	unsigned int i;

	result = eb_text_on(buf[0], sizeof(buf[0]));
	driver = eb_text_on(buf[1], sizeof(buf[1]));
	override = eb_text_on(buf[2], sizeof(buf[2]));
	unread = scene->fault[0].op && strncmp(scene->fault[0].op, "link:", 5) == 0;
	for (i = 0; i < end.survey.plan.count; i++) {
		const struct eb_device *device = &end.survey.plan.device[i];
		const struct fake_device *d = &end.kernel.device[i];
		const char *space = i ? " " : "", *now = d->driver ? d->driver : "";

		eb_text_add(&result, "%s%s", space, eb_plan_result_name(device->result));
		eb_text_add(&driver, "%s%s", space, now[0] ? now : "-");
		eb_text_add(&override, "%s%s", space, d->override[0] ? d->override : "-");
		if (!unread &&
		    device->after_known != (device->result != EB_RESULT_REFUSED) &&
		    device->result != EB_RESULT_TIMEOUT && !holding_failed(device))
			fail_msg("%s: %s was looked at: %d", scene->name, d->addr,
				 device->after_known);
		if (d->gone && device->held)
			fail_msg("%s: %s is gone and held", scene->name, d->addr);
		if (!unread && device->after_known && !d->gone && !is(device->after, now))
			fail_msg("%s: %s has '%s', the plan says '%s'", scene->name,
				 d->addr, now, device->after);
	}
	expect(scene, "result", buf[0], scene->result);
	expect(scene, "driver", buf[1], scene->driver);
	expect(scene, "override", buf[2], scene->override);
}

static void expect_findings(const struct scene *scene)
{
	const struct eb_findings *findings = &end.survey.findings;
	char buf[512], addr[EB_ADDR_TEXT];
	struct eb_text text = eb_text_on(buf, sizeof(buf));
	unsigned int i;

	for (i = 0; i < findings->count; i++) {
		const struct eb_finding *f = &findings->list[i];

		eb_text_add(&text, "%s%s", i ? " " : "", eb_finding_name(f->code));
		if (f->has_addr)
			eb_text_add(&text, "@%s", eb_addr_print(&f->addr, addr) + 5);
		if (strlen(f->text) < 20 || strlen(f->text) > EB_FINDING_TEXT - 2)
			fail_msg("%s: finding '%s'", scene->name, f->text);
	}
	expect(scene, "findings", buf, scene->findings);
}

/* Does a finding say that the function at ADDR may still be held? */
static bool named(const char *addr)
{
	const struct eb_findings *findings = &end.survey.findings;
	char text[EB_ADDR_TEXT];
	unsigned int i;

	for (i = 0; i < findings->count; i++) {
		const struct eb_finding *f = &findings->list[i];

		if ((f->code == EB_FIND_STILL_HELD || f->code == EB_FIND_TIMEOUT) &&
		    f->has_addr && is(eb_addr_print(&f->addr, text), addr) &&
		    strstr(f->text, "driver_override"))
			return true;
	}
	return false;
}

/* No override is left that the report does not name. */
static void expect_no_secret(const struct scene *scene)
{
	unsigned int i;

	for (i = 0; i < end.survey.plan.count; i++) {
		const struct fake_device *d = &end.kernel.device[i];

		if (is(d->override, "vfio-pci") && !d->gone &&
		    end.survey.plan.device[i].result != EB_RESULT_CLAIMED &&
		    !named(d->addr))
			fail_msg("%s: %s keeps its override, and nothing says so",
				 scene->name, d->addr);
	}
}

/* What holds whatever happens. */
static void expect_always(const struct scene *scene)
{
	const char *load = strstr(end.kernel.trace, "load:"), *at;

	for (at = load; at && (at = strstr(at, "driver_override=vfio-pci")); at++)
		fail_msg("%s: held after the first load", scene->name);
	if (scene->refused && strstr(end.kernel.trace, scene->refused + 5))
		fail_msg("%s: %s was refused and is touched", scene->name,
			 scene->refused);
	if (end.kernel.touched != scene->touched)
		fail_msg("%s: %u times more at a stuck device", scene->name,
			 end.kernel.touched);
	if (end.kernel.lines > EB_MAX_LINES)
		fail_msg("%s: %u lines in the kernel log", scene->name, end.kernel.lines);
}

const struct scene_end *scene_play(const struct scene *scene)
{
	const struct eb_ops ops = fake_kernel_ops(&end.kernel);
	struct eb_report report;

	memset(&end, 0, sizeof(end));
	memcpy(end.kernel.device, scene->device[0].addr ? scene->device : usual,
	       sizeof(usual));
	end.kernel.fault = scene->fault;
	end.kernel.vfio_there = end.kernel.vfio_bind = scene->vfio_there;
	see(scene);
	see_framebuffer(scene);
	carry_out(scene, &ops);
	report = eb_survey_report(&end.survey);
	eb_report_say(&report, ops.say, ops.ctx, EB_MAX_LINES - end.kernel.lines);
	expect(scene, "trace", end.kernel.trace, scene->trace);
	expect_devices(scene);
	expect_findings(scene);
	expect_no_secret(scene);
	expect_always(scene);
	return &end;
}

void scene_play_all(const struct scene *scene, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		scene_play(&scene[i]);
}
