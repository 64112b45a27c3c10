// SPDX-License-Identifier: GPL-2.0-or-later
/* The least that any way of claiming has to do: hold, load and bind what is listed in
 * /ways/list, "m FILE" for a module and "f ADDRESS" for a function, and look at nothing.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_LINES 32

/* klibc's header does not declare it. */
int finit_module(int fd, const char *options, int flags);

static char data[4096];
static char *line[MAX_LINES];
static int lines;

static int failed;

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	failed |= fd < 0 || write(fd, text, strlen(text)) < 0;
	if (fd >= 0)
		close(fd);
}

static void read_list(void)
{
	int fd = open("/ways/list", O_RDONLY);
	ssize_t n = read(fd, data, sizeof(data) - 1);
	char *at;

	data[n > 0 ? n : 0] = '\0';
	for (at = strtok(data, "\n"); at && lines < MAX_LINES; at = strtok(NULL, "\n"))
		line[lines++] = at;
	close(fd);
}

int main(void)
{
	char path[128];
	int i, fd;

	read_list();
	for (i = 0; i < lines; i++)
		if (line[i][0] == 'f') {
			snprintf(path, sizeof(path),
				 "/sys/bus/pci/devices/%s/driver_override", line[i] + 2);
			put(path, "vfio-pci");
		}
	for (i = 0; i < lines; i++)
		if (line[i][0] == 'm') {
			fd = open(line[i] + 2, O_RDONLY);
			failed |= finit_module(fd, "", 0) < 0;
			close(fd);
		}
	/* Loading the driver has bound what it was to bind; another one gets EBUSY or
	 * ENODEV. */
	for (i = 0; i < lines; i++)
		if (line[i][0] == 'f')
			put("/sys/bus/pci/drivers_probe", line[i] + 2);
	return failed;
}
