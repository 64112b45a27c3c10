// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs the agent again and again in the initramfs of a guest, each time with another
 * command line on functions in another state, and prints what there was before and
 * after. It judges nothing: qemu-test/claims.awk does.
 *
 * A line of /conf/claims is "ADDRESS=STATE ...|COMMAND LINE"; a STATE is none (no
 * driver), own (its driver), vfio (claimed), other (another tool's driver_override) or
 * stuck (in vfio-pci's remove, which waits for a guest that has the device open, with the
 * device's lock), and "vfio-pci=unload" takes the modules out first.
 */
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define AGENT	"/usr/lib/earlybind/earlybind-agent"
#define LIST	"/conf/claims"
#define CMDLINE "/run/claims-cmdline"
#define REPORT	"/run/earlybind/report.json"
#define PCI	"/sys/bus/pci/"
#define TEXT	4096

/* One write, as a shell's echo does. */
static bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool well = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return well;
}

/* The file without its last newline; "-" where there is none. */
static void get(const char *path, char text[TEXT])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, TEXT - 1);

	if (fd >= 0)
		close(fd);
	if (n <= 0) {
		snprintf(text, TEXT, "-");
		return;
	}
	text[n - (text[n - 1] == '\n')] = '\0';
}

static const char *attribute(const char *addr, const char *name, char path[256])
{
	snprintf(path, 256, PCI "devices/%.16s/%s", addr, name);
	return path;
}

/* The last component of a link; "-" where there is none. */
static void get_link(const char *addr, const char *name, char text[TEXT])
{
	char path[256], target[TEXT];
	ssize_t n = readlink(attribute(addr, name, path), target, sizeof(target) - 1);
	const char *last;

	target[n < 0 ? 0 : n] = '\0';
	last = strrchr(target, '/');
	snprintf(text, TEXT, "%s", last ? last + 1 : "-");
}

/* The function that is stuck: nothing behind its lock can be read. */
static struct {
	char addr[32];
	int container, group, device;
	pid_t pid; /* who unbinds it */
} stuck;

static void print_state(const char *when, const char *addr)
{
	char driver[TEXT], override[TEXT], path[256];

	if (strcmp(addr, stuck.addr) == 0) {
		printf("claims: %s %s stuck -\n", when, addr);
		return;
	}
	get_link(addr, "driver", driver);
	get(attribute(addr, "driver_override", path), override);
	printf("claims: %s %s %s %s\n", when, addr, driver, override);
}

/* What the judge knows of a function. */
static void print_function(const char *addr)
{
	char class[TEXT], vendor[TEXT], device[TEXT], group[TEXT], boot[TEXT], path[256];

	get(attribute(addr, "class", path), class);
	get(attribute(addr, "vendor", path), vendor);
	get(attribute(addr, "device", path), device);
	get(attribute(addr, "boot_vga", path), boot);
	get_link(addr, "iommu_group", group);
	printf("claims: function %s %s %s:%s %s %s\n", addr, class, vendor + 2,
	       device + 2, group, boot);
}

static void unbind(const char *addr)
{
	char path[256];

	put(attribute(addr, "driver/unbind", path), addr);
	put(attribute(addr, "driver_override", path), "\n");
}

/* As a virtual machine opens it. False where its group has another driver. */
static bool open_device(const char *addr)
{
	char group[TEXT], path[TEXT + 16];

	get_link(addr, "iommu_group", group);
	snprintf(path, sizeof(path), "/dev/vfio/%s", group);
	stuck.container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	stuck.group = open(path, O_RDWR | O_CLOEXEC);
	stuck.device = -1;
	if (stuck.group >= 0 &&
	    ioctl(stuck.group, VFIO_GROUP_SET_CONTAINER, &stuck.container) == 0 &&
	    ioctl(stuck.container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU) == 0)
		stuck.device = ioctl(stuck.group, VFIO_GROUP_GET_DEVICE_FD, addr);
	return stuck.device >= 0;
}

static void close_device(void)
{
	if (stuck.device >= 0)
		close(stuck.device);
	if (stuck.group >= 0)
		close(stuck.group);
	if (stuck.container >= 0)
		close(stuck.container);
	if (stuck.pid > 0)
		waitpid(stuck.pid, NULL, 0);
	stuck.addr[0] = '\0';
	stuck.pid = 0;
}

/* Have another process unbind it, which ends when the device is closed. */
static void get_stuck(const char *addr)
{
	char path[256], driver[TEXT];
	int tries = 50;

	if (!open_device(addr)) {
		close_device();
		return;
	}
	stuck.pid = fork();
	if (stuck.pid == 0) {
		close(stuck.device);
		close(stuck.group);
		close(stuck.container);
		put(attribute(addr, "driver/unbind", path), addr);
		_exit(0);
	}
	/* The driver's link goes first (drivers/base/dd.c, __device_release_driver). */
	do {
		usleep(100000);
		get_link(addr, "driver", driver);
	} while (strcmp(driver, "-") != 0 && --tries);
	if (tries)
		snprintf(stuck.addr, sizeof(stuck.addr), "%s", addr);
	else
		close_device();
}

/* Without its driver such a function would be bound as soon as that is loaded. */
static bool bind_vfio(const char *addr)
{
	char path[256];

	return access(PCI "drivers/vfio-pci", F_OK) == 0 &&
	       put(attribute(addr, "driver_override", path), "vfio-pci") &&
	       put(PCI "drivers_probe", addr);
}

/* Before drivers that make framebuffers. Where fbcon has the consoles when vfio-pci binds
 * to the default VGA, nothing can replace it any more, and without its framebuffers the
 * next character is a NULL pointer (drivers/pci/vgaarb.c, vga_remove_vgacon;
 * drivers/tty/vt/vt.c, do_unbind_con_driver; drivers/video/fbdev/core/fbcon.c,
 * fbcon_cursor; seen on 6.12 and 7.2). */
static void set_vfio(const char *addr, const char *state)
{
	if (strcmp(state, "vfio") == 0 || strcmp(state, "stuck") == 0)
		bind_vfio(addr);
}

static void set_state(const char *addr, const char *state)
{
	char path[256];

	if (strcmp(state, "other") == 0)
		put(attribute(addr, "driver_override", path), "another-tool");
	if (strcmp(state, "own") == 0)
		put(PCI "drivers_probe", addr);
}

/* After all others: up to 5.18 another driver that binds in the group of an open device
 * stops the kernel (drivers/vfio/vfio.c, vfio_iommu_group_notifier, a BUG_ON). Once it is
 * there, the group is not viable and the device cannot be opened. */
static void set_stuck(const char *addr, const char *state)
{
	if (strcmp(state, "stuck") == 0)
		get_stuck(addr);
}

static void unload(void)
{
	static const char *const modules[] = {"vfio_pci", "vfio_pci_core",
					      "vfio_iommu_type1", "vfio_virqfd", "vfio"};
	size_t i;

	for (i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		syscall(SYS_delete_module, modules[i], O_NONBLOCK);
}

/* Call DO with each address and state of SETUP. */
static void each(const char *setup, void (*act)(const char *addr, const char *state))
{
	char *copy = strdup(setup), *word, *rest, *state;

	for (word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		state = strchr(word, '=');
		if (!state)
			continue;
		*state++ = '\0';
		act(word, state);
	}
	free(copy);
}

static void do_unbind(const char *addr, const char *state)
{
	(void)state;
	if (strcmp(addr, "vfio-pci") != 0)
		unbind(addr);
}

static void do_unload(const char *addr, const char *state)
{
	(void)state;
	if (strcmp(addr, "vfio-pci") == 0)
		unload();
}

static void do_before(const char *addr, const char *state)
{
	(void)state;
	if (strcmp(addr, "vfio-pci") != 0)
		print_state("before", addr);
}

static void do_after(const char *addr, const char *state)
{
	(void)state;
	if (strcmp(addr, "vfio-pci") != 0)
		print_state("after", addr);
}

static void do_function(const char *addr, const char *state)
{
	(void)state;
	if (strcmp(addr, "vfio-pci") != 0)
		print_function(addr);
}

static int run_agent(void)
{
	char *argv[] = {(char *)AGENT, NULL};
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		execv(AGENT, argv);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return status;
}

/* The report is one line, however long. */
static void print_report(void)
{
	FILE *file = fopen(REPORT, "r");
	int c;

	fputs("claims: report ", stdout);
	while (file && (c = getc(file)) != EOF)
		if (c != '\n')
			putchar(c);
	putchar('\n');
	if (file)
		fclose(file);
}

static void claim(unsigned int number, char *setup, const char *cmdline)
{
	FILE *file = fopen(CMDLINE, "w");

	if (file) {
		fprintf(file, "%s\n", cmdline);
		fclose(file);
	}
	if (number == 1) {
		each(setup, do_function);
		if (mount(CMDLINE, "/proc/cmdline", NULL, MS_BIND, NULL) < 0)
			puts("claims: cannot mount over /proc/cmdline");
	}
	each(setup, do_unbind);
	each(setup, do_unload);
	each(setup, set_vfio);
	each(setup, set_state);
	each(setup, set_stuck);
	printf("claims: begin %u %s\n", number, cmdline);
	each(setup, do_before);
	unlink(REPORT);
	fflush(stdout);
	printf("claims: status %d\n", run_agent());
	each(setup, do_after);
	if (stuck.addr[0])
		close_device();
	print_report();
	fflush(stdout);
}

int main(void)
{
	static char line[2 * TEXT];
	unsigned int number = 0;
	FILE *list = fopen(LIST, "r");
	char *bar;

	/* The console is for what is printed here. */
	put("/proc/sys/kernel/printk", "1");
	while (list && fgets(line, sizeof(line), list)) {
		line[strcspn(line, "\n")] = '\0';
		bar = strchr(line, '|');
		if (!bar)
			continue;
		*bar = '\0';
		claim(++number, line, bar + 1);
	}
	printf("claims: end %u\n", number);
	umount2("/proc/cmdline", MNT_DETACH);
	unlink(REPORT);
	put("/proc/sys/kernel/printk", "4");
	return 0;
}
