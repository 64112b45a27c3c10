// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The VFIO client of the test machine: opens every function on vfio-pci as a virtual
 * machine would and maps its BARs. Follows Documentation/driver-api/vfio.rst of
 * Linux 6.1.
 *
 * One line a result on standard output: ADDRESS REGION RESULT, where RESULT is "ok" or
 * the name of an errno. REGION -1 is a function that could not be opened, with the step
 * that failed on standard error. Only BARs that may be mapped are listed: an I/O port BAR
 * may not.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define DRIVER_DIR "/sys/bus/pci/drivers/vfio-pci"
#define MAX_GROUPS 64

/* Groups open once only, so that functions of one group share the descriptor. */
static struct group {
	int number;
	int fd;
	int error;
	const char *step;
} groups[MAX_GROUPS];
static int group_count;

static int fail(struct group *group, const char *step)
{
	group->error = errno;
	group->step = step;
	return -1;
}

static int open_group(struct group *group)
{
	struct vfio_group_status status = {.argsz = sizeof(status)};
	char path[64];
	int container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);

	if (container < 0)
		return fail(group, "open /dev/vfio/vfio");
	snprintf(path, sizeof(path), "/dev/vfio/%d", group->number);
	group->fd = open(path, O_RDWR | O_CLOEXEC);
	if (group->fd < 0)
		return fail(group, "open group");
	if (ioctl(group->fd, VFIO_GROUP_GET_STATUS, &status) < 0)
		return fail(group, "VFIO_GROUP_GET_STATUS");
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE)) {
		errno = EPERM; /* what VFIO_GROUP_GET_DEVICE_FD would say */
		return fail(group, "group is not viable");
	}
	if (ioctl(group->fd, VFIO_GROUP_SET_CONTAINER, &container) < 0)
		return fail(group, "VFIO_GROUP_SET_CONTAINER");
	if (ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU) < 0)
		return fail(group, "VFIO_SET_IOMMU");
	return 0;
}

static struct group *find_group(int number)
{
	struct group *group;

	for (int i = 0; i < group_count; i++)
		if (groups[i].number == number)
			return &groups[i];
	if (group_count == MAX_GROUPS)
		return NULL;
	group = &groups[group_count++];
	group->number = number;
	open_group(group);
	return group;
}

static int group_number(const char *address)
{
	char path[128], link[256];
	char *name, *end;
	ssize_t length;
	long group;

	snprintf(path, sizeof(path), DRIVER_DIR "/%s/iommu_group", address);
	length = readlink(path, link, sizeof(link) - 1);
	if (length < 0)
		return -1;
	link[length] = '\0';
	name = strrchr(link, '/');
	if (!name)
		return -1;
	group = strtol(name + 1, &end, 10);
	return end == name + 1 || *end || group < 0 || group > INT_MAX ? -1 : (int)group;
}

static void print_failure(const char *address, const char *step, int error)
{
	printf("%s -1 %s\n", address, strerrorname_np(error));
	fprintf(stderr, "vfio-client: %s: %s: %s\n", address, step, strerror(error));
}

static void map_region(const char *address, int device, unsigned int index)
{
	struct vfio_region_info region = {.argsz = sizeof(region), .index = index};
	void *map;

	if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &region) < 0) {
		printf("%s %u %s\n", address, index, strerrorname_np(errno));
		return;
	}
	if (!region.size || !(region.flags & VFIO_REGION_INFO_FLAG_MMAP))
		return;
	map = mmap(NULL, region.size, PROT_READ | PROT_WRITE, MAP_SHARED, device,
		   (off_t)region.offset);
	if (map == MAP_FAILED) {
		printf("%s %u %s\n", address, index, strerrorname_np(errno));
		return;
	}
	printf("%s %u ok\n", address, index);
	munmap(map, region.size);
}

static void try_device(const char *address)
{
	struct group *group;
	int device, number = group_number(address);

	if (number < 0)
		return print_failure(address, "iommu_group", ENODEV);
	group = find_group(number);
	if (!group)
		return print_failure(address, "too many groups", ENOSPC);
	if (group->error)
		return print_failure(address, group->step, group->error);
	device = ioctl(group->fd, VFIO_GROUP_GET_DEVICE_FD, address);
	if (device < 0)
		return print_failure(address, "VFIO_GROUP_GET_DEVICE_FD", errno);
	for (unsigned int index = 0; index <= VFIO_PCI_BAR5_REGION_INDEX; index++)
		map_region(address, device, index);
	close(device);
}

int main(void)
{
	struct dirent **names;
	int count = scandir(DRIVER_DIR, &names, NULL, alphasort);

	for (int i = 0; i < count; i++)
		if (strchr(names[i]->d_name, ':'))
			try_device(names[i]->d_name);
	return 0;
}
