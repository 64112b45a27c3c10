// SPDX-License-Identifier: GPL-2.0-or-later
/* Carry a plan out, in two halves: hold, then load and bind. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/apply.h>

#define VFIO_DRIVER "sys/bus/pci/drivers/vfio-pci"
#define PATH_TEXT   96

/* One function on its way. */
struct step {
	const struct eb_apply *apply;
	struct eb_device *device;
	char addr[EB_ADDR_TEXT];
};

static struct step step_of(const struct eb_apply *apply, struct eb_device *device)
{
	struct step step = {.apply = apply, .device = device};

	eb_addr_print(&apply->pci->function[device->function].addr, step.addr);
	return step;
}

static void device_path(const struct step *step, const char *name, char path[PATH_TEXT])
{
	snprintf(path, PATH_TEXT, "sys/bus/pci/devices/%s/%s", step->addr, name);
}

static int write_to(const struct step *step, const char *name, const char *text)
{
	const struct eb_ops *ops = step->apply->ops;
	char path[PATH_TEXT];

	device_path(step, name, path);
	return ops->write(ops->ctx, path, text);
}

/* Does the attribute NAME read back as TEXT? 0, -EIO when it reads otherwise, -errno. */
static int read_back(const struct step *step, const char *name, const char *text)
{
	const struct eb_ops *ops = step->apply->ops;
	char path[PATH_TEXT], got[EB_DRIVER_NAME];
	int n;

	device_path(step, name, path);
	n = ops->read(ops->ctx, path, got, sizeof(got));
	if (n < 0)
		return n;
	return strcmp(got, text) == 0 ? 0 : -EIO;
}

/* Note which driver the function has now. Is it vfio-pci? */
static bool look(const struct step *step)
{
	const struct eb_ops *ops = step->apply->ops;
	struct eb_device *device = step->device;
	char path[PATH_TEXT];

	device_path(step, "driver", path);
	if (ops->link(ops->ctx, path, device->after, sizeof(device->after)) < 0)
		device->after[0] = '\0';
	device->after_known = true;
	return strcmp(device->after, "vfio-pci") == 0;
}

static struct eb_text finding(const struct step *step, enum eb_code code)
{
	const struct eb_apply *apply = step->apply;
	struct eb_text text = eb_finding_add(
		apply->findings, code,
		&apply->pci->function[step->device->function].addr);

	eb_text_add(&text, "%s ", step->addr);
	return text;
}

/* WHAT went wrong with ERR: the function is failed, or timed out. */
static void fail(const struct step *step, enum eb_code code, const char *what, int err,
		 const char *way_out)
{
	struct eb_device *device = step->device;
	char name[16];
	struct eb_text text;

	if (err == -ETIMEDOUT) {
		device->result = EB_RESULT_TIMEOUT;
		snprintf(device->reason, sizeof(device->reason),
			 "%s took longer than %u seconds", what,
			 step->apply->request->timeout);
		text = finding(step, EB_FIND_TIMEOUT);
		eb_text_add(
			&text,
			"was given up: %s took longer than %u seconds, and the boot went on "
			"without it; a driver may be stuck on it (see the kernel log), "
			"and it may yet end on vfio-pci: see earlybind list",
			what, step->apply->request->timeout);
		return;
	}
	device->result = EB_RESULT_FAILED;
	snprintf(device->reason, sizeof(device->reason), "%s: %s", what,
		 eb_errno_name(-err, name));
	text = finding(step, code);
	eb_text_add(&text, "was not claimed: %s gave %s; %s", what,
		    eb_errno_name(-err, name), way_out);
}

static void hold(const struct step *step)
{
	int err = write_to(step, "driver_override", "vfio-pci");

	if (!err)
		err = read_back(step, "driver_override", "vfio-pci");
	if (err)
		fail(step, EB_FIND_HOLD_FAILED, "writing vfio-pci to driver_override",
		     err,
		     "it keeps its own driver; the device may have gone, or the kernel has no "
		     "driver_override");
	else
		step->device->held = true;
}

void eb_apply_hold(const struct eb_apply *apply)
{
	unsigned int i;

	for (i = 0; i < apply->plan->count; i++) {
		struct eb_device *device = &apply->plan->device[i];
		struct step step = step_of(apply, device);

		if (device->result == EB_RESULT_PLANNED)
			hold(&step);
		else if (device->result == EB_RESULT_CLAIMED)
			look(&step);
	}
}

/* Clear the override and let the function's own driver have it. A newline clears it,
 * an empty write does nothing (drivers/base/driver.c, driver_set_override). */
static void hand_back(const struct step *step)
{
	const struct eb_ops *ops = step->apply->ops;
	struct eb_device *device = step->device;
	struct eb_text text;
	int err;

	if (!device->held)
		return;
	if (step->apply->request->hold_failed) {
		text = finding(step, EB_FIND_STILL_HELD);
		eb_text_add(&text,
			    "stays without a driver, as earlybind.on_failure=hold asks; "
			    "to give it back: echo > /sys/bus/pci/devices/%s/"
			    "driver_override, then echo %s > /sys/bus/pci/drivers_probe",
			    step->addr, step->addr);
		return;
	}
	err = write_to(step, "driver_override", "\n");
	if (!err)
		err = read_back(step, "driver_override", "(null)");
	/* It has gone, and its override with it. */
	if (err == -ENOENT) {
		device->held = false;
		return;
	}
	if (err) {
		text = finding(step, EB_FIND_STILL_HELD);
		eb_text_add(
			&text,
			"could not be given back, driver_override stayed vfio-pci; to "
			"try by hand: echo > /sys/bus/pci/devices/%s/"
			"driver_override, then echo %s > /sys/bus/pci/drivers_probe",
			step->addr, step->addr);
		return;
	}
	device->held = false;
	/* Its answer tells little: it says well when no driver was found. */
	err = ops->write(ops->ctx, "sys/bus/pci/drivers_probe", step->addr);
	look(step);
	if (err == -ETIMEDOUT) {
		text = finding(step, EB_FIND_TIMEOUT);
		eb_text_add(&text,
			    "was given back, but its own driver took longer than %u "
			    "seconds to take it, and the boot went on without it",
			    step->apply->request->timeout);
		return;
	}
	text = finding(step, EB_FIND_HANDED_BACK);
	if (device->after[0])
		eb_text_add(&text, "was given back to %s", device->after);
	else
		eb_text_add(&text,
			    "was given back: its own driver takes it when it is loaded");
}

static const char *bind_help(int err)
{
	switch (-err) {
	case EINVAL:
		return "vfio-pci takes no device without an IOMMU group, no bridge, and none of "
		       "those that it denies";
	case EBUSY:
		return "its virtual functions are in use, or another driver was faster";
	case ENODEV:
		return "the device has gone, or its driver_override was changed";
	}
	return "the kernel log has more";
}

/* Only the driver link counts; the answer of the write explains a failure. */
static void bind(const struct step *step)
{
	const struct eb_ops *ops = step->apply->ops;
	struct eb_device *device = step->device;
	bool there = look(step);
	int err = 0;

	if (!there && device->after[0]) {
		char path[PATH_TEXT];

		device_path(step, "driver/unbind", path);
		err = ops->write(ops->ctx, path, step->addr);
		/* It may have let go by itself, or have gone to vfio-pci at once. */
		there = err != -ETIMEDOUT && look(step);
		if (err && !there && device->after[0]) {
			fail(step, EB_FIND_UNBIND_FAILED, "unbinding its driver", err,
			     "the driver keeps it");
			return;
		}
	}
	if (!there) {
		err = ops->write(ops->ctx, VFIO_DRIVER "/bind", step->addr);
		/* While a driver still registers, stuck on some device, it has no bind
		 * file yet (drivers/base/bus.c, bus_add_driver), and can be probed for
		 * others. */
		if (err == -ENOENT)
			err = ops->write(ops->ctx, "sys/bus/pci/drivers_probe",
					 step->addr);
		there = err != -ETIMEDOUT && look(step);
	}
	if (there) {
		device->result = EB_RESULT_CLAIMED;
		return;
	}
	fail(step, EB_FIND_BIND_FAILED, "binding vfio-pci", err ? err : -EIO,
	     bind_help(err));
}

/* vfio-pci resets power/control to auto when it binds (drivers/vfio/pci/
 * vfio_pci_core.c, vfio_pci_core_register_device), so this comes after. */
static void keep_power(const struct step *step)
{
	int err = write_to(step, "power/control", "on");
	struct eb_text text;
	char name[16];

	if (!err)
		err = read_back(step, "power/control", "on");
	/* Not every kernel knows D3cold. */
	if (!err)
		err = write_to(step, "d3cold_allowed", "0");
	if (!err || err == -ENOENT)
		return;
	text = finding(step, EB_FIND_POWER_FAILED);
	eb_text_add(&text,
		    "is claimed, but earlybind.power=on could not keep it out of D3: %s",
		    eb_errno_name(-err, name));
}

static const struct {
	const char *name;
	bool optional;
} modules[] = {
	{"vfio-pci", false},
	{"vfio_iommu_type1", false},
	{"vfio_virqfd", true}, /* part of vfio since 6.2 */
};

/* The sentence on a module that is not there, of the boot and not of one device. */
static void say_not_loaded(const struct eb_apply *apply, const char *module,
			   const char *culprit, int err)
{
	struct eb_text text;
	char name[16];

	if (err == -ENOENT) {
		text = eb_finding_add(apply->findings, EB_FIND_NO_VFIO, NULL);
		eb_text_add(
			&text,
			"%s is neither in the initramfs nor in the kernel (%s); rebuild it "
			"with update-initramfs -u -k %s and look for the warning of "
			"its earlybind hook",
			module, apply->machine->release, apply->machine->release);
		return;
	}
	text = eb_finding_add(apply->findings,
			      err == -ETIMEDOUT ? EB_FIND_TIMEOUT : EB_FIND_LOAD_FAILED,
			      NULL);
	if (err == -ETIMEDOUT)
		eb_text_add(&text,
			    "loading %s took longer than %u seconds; the boot went on "
			    "without it",
			    module, apply->request->timeout);
	else
		eb_text_add(&text,
			    "%s could not be loaded: %s gave %s; the kernel log has more",
			    module, culprit, eb_errno_name(-err, name));
}

/* Load what is needed. 0 when there is a driver to bind to, else why there is none. */
static int load(const struct eb_apply *apply)
{
	const struct eb_ops *ops = apply->ops;
	int err, failed = 0;
	char culprit[64];
	bool there;
	size_t i;

	for (i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		err = ops->load(ops->ctx, modules[i].name, culprit, sizeof(culprit));
		if (!err || (modules[i].optional && err == -ENOENT))
			continue;
		/* A kernel without module files may have the driver built in, and one
		 * that is stuck on a device can still take the others. */
		there = i == 0 && ops->exists(ops->ctx, VFIO_DRIVER);
		if (!there || err == -ETIMEDOUT)
			say_not_loaded(apply, modules[i].name, culprit, err);
		if (i == 0 && !there)
			return err;
	}
	if (!ops->exists(ops->ctx, VFIO_DRIVER)) {
		failed = -ENODEV;
		say_not_loaded(apply, "vfio-pci", "vfio-pci", failed);
	}
	return failed;
}

/* The first held function with the firmware's framebuffer on a BAR, or NULL. */
static struct eb_device *under_framebuffer(const struct eb_apply *apply)
{
	unsigned int i, j;

	for (i = 0; i < apply->plan->count; i++)
		for (j = 0; j < apply->conflicts->count; j++) {
			const struct eb_conflict *c = &apply->conflicts->list[j];

			if (apply->plan->device[i].held &&
			    c->function == apply->plan->device[i].function &&
			    eb_remedy_is_framebuffer(apply->machine, c))
				return &apply->plan->device[i];
		}
	return NULL;
}

static void say_release(const struct step *step, const char *what, int err)
{
	enum eb_code code = err ? EB_FIND_RELEASE_FAILED : EB_FIND_RELEASED;
	struct eb_text text = finding(step, code);
	char name[16];

	if (err)
		eb_text_add(&text,
			    "keeps %s: unbinding it gave %s; the list of conflicts tells "
			    "whether it blocks",
			    what, eb_errno_name(-err, name));
	else
		eb_text_add(&text, "is free of %s, as earlybind.fb=release asks", what);
}

/* Take the consoles from the firmware's framebuffer, then its driver. The kernel makes
 * one framebuffer of screen_info; of several it could not be told which lies on the card.
 */
static void release(const struct eb_apply *apply)
{
	const struct eb_framebuffers *fbs = apply->framebuffers;
	const struct eb_framebuffer *fb = &fbs->list[0];
	struct eb_device *device = under_framebuffer(apply);
	const struct eb_ops *ops = apply->ops;
	struct step step;
	char path[128];
	unsigned int i;

	if (!device || fbs->count != 1 || !fb->driver[0])
		return;
	step = step_of(apply, device);
	for (i = 0; i < fbs->consoles; i++) {
		snprintf(path, sizeof(path), "sys/class/vtconsole/%s/bind",
			 fbs->console[i]);
		ops->write(ops->ctx, path, "0");
	}
	snprintf(path, sizeof(path), "sys/bus/platform/drivers/%s/unbind", fb->driver);
	say_release(&step, fb->device, ops->write(ops->ctx, path, fb->device));
}

static void announce(const struct eb_apply *apply, unsigned int held)
{
	const struct eb_device *boot = eb_plan_find(apply->plan,
						    apply->machine->boot_display);
	const struct eb_ops *ops = apply->ops;
	char line[EB_LINE_TEXT], addr[EB_ADDR_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));

	eb_text_add(&text, "holding %u function%s, loading vfio-pci", held,
		    held == 1 ? "" : "s");
	ops->say(ops->ctx, EB_LEVEL_NOTICE, line);
	if (!boot || !boot->held)
		return;
	text = eb_text_on(line, sizeof(line));
	eb_text_add(
		&text,
		"%s: going to vfio-pci with the console on it, the screen may go dark "
		"now; the way back for one boot is vfio.gpus=none",
		eb_addr_print(&apply->pci->function[boot->function].addr, addr));
	ops->say(ops->ctx, EB_LEVEL_WARNING, line);
}

/* Bind a held function, or give it back where ERR says why there is no vfio-pci. */
static void take(const struct step *step, int err)
{
	struct eb_device *device = step->device;
	char name[16];

	if (err) {
		device->result = EB_RESULT_FAILED;
		snprintf(device->reason, sizeof(device->reason),
			 "vfio-pci is not there: %s", eb_errno_name(-err, name));
	} else {
		bind(step);
	}
	if (device->result == EB_RESULT_FAILED)
		hand_back(step);
}

void eb_apply_bind(const struct eb_apply *apply)
{
	unsigned int i, held = 0;
	int err = 0;

	for (i = 0; i < apply->plan->count; i++)
		held += apply->plan->device[i].held;
	if (held > 0) {
		announce(apply, held);
		err = load(apply);
		if (!err && apply->request->release_fb)
			release(apply);
	}
	for (i = 0; i < apply->plan->count; i++) {
		struct eb_device *device = &apply->plan->device[i];
		struct step step = step_of(apply, device);

		if (device->held)
			take(&step, err);
		if (device->result == EB_RESULT_CLAIMED && apply->request->power_on)
			keep_power(&step);
	}
}
