// SPDX-License-Identifier: GPL-2.0-or-later
/* The first process of the measured guest: run one way of claiming, and print on the
 * console how long it took, what was claimed and what the report says. The kernel command
 * line names the way (bench=WAY) and the functions to look at
 * (bench_functions=ADDRESS,...). */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static char cmdline[4096], report[65536];

static void read_file(const char *path, char *buf, size_t size)
{
	ssize_t n = 0, len = 0;
	int fd = open(path, O_RDONLY);

	while (fd >= 0 && (n = read(fd, buf + len, size - 1 - (size_t)len)) > 0)
		len += n;
	buf[len] = '\0';
	if (fd >= 0)
		close(fd);
}

/* The value of NAME= on the command line. */
static char *value_of(const char *name, char *buf, size_t size)
{
	const char *at = strstr(cmdline, name);

	buf[0] = '\0';
	if (at) {
		at += strlen(name);
		snprintf(buf, size, "%.*s", (int)strcspn(at, " \n"), at);
	}
	return buf;
}

static long microseconds(void)
{
	struct timeval now;

	gettimeofday(&now, NULL);
	return now.tv_sec * 1000000L + now.tv_usec;
}

/* Run PROGRAM with the FUNCTIONS in its environment, between blanks. */
static long run(const char *program, const char *functions)
{
	char variable[512] = "FUNCTIONS=", *comma;
	char *const argv[] = {(char *)program, NULL};
	char *const envp[] = {(char *)"PATH=/bin", variable, NULL};
	int status = 0;
	pid_t pid;
	long start;

	strncat(variable, functions, sizeof(variable) - strlen(variable) - 1);
	while ((comma = strchr(variable, ',')) != NULL)
		*comma = ' ';
	start = microseconds();
	pid = fork();

	if (pid == 0) {
		execve(program, argv, envp);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	start = microseconds() - start;
	printf("bench: status %d\n", status);
	return start;
}

static unsigned int claimed(char *functions)
{
	unsigned int count = 0;
	char *at;

	for (at = strtok(functions, ","); at; at = strtok(NULL, ",")) {
		char path[128], target[256];
		ssize_t n;

		snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver", at);
		n = readlink(path, target, sizeof(target) - 1);
		target[n > 0 ? n : 0] = '\0';
		count += strstr(target, "/vfio-pci") != NULL;
	}
	return count;
}

int main(void)
{
	char way[64], program[96], functions[512];
	const char *held;
	long took;

	mount("proc", "/proc", "proc", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	mount("tmpfs", "/run", "tmpfs", 0, NULL);
	read_file("/proc/cmdline", cmdline, sizeof(cmdline));
	snprintf(program, sizeof(program), "/ways/%s",
		 value_of(" bench=", way, sizeof(way)));
	value_of(" bench_functions=", functions, sizeof(functions));
	took = run(program, functions);
	read_file("/run/earlybind/report.json", report, sizeof(report));
	held = strstr(report, "\"held_us\": ");
	printf("bench: claimed %u\nbench: held %s\nbench: took %ld\n", claimed(functions),
	       held ? strtok((char *)held + 11, ",\n") : "-", took);
	fflush(stdout);
	/* QEMU ends then, by -no-reboot. */
	reboot(RB_AUTOBOOT, NULL);
	return 0;
}
