// SPDX-License-Identifier: GPL-2.0-or-later
/* A kernel module that hangs with the lock of a device held, until it is told to go on.
 *
 *   insmod stuck.ko [probe=ADDRESS] [remove=ADDRESS] [bind=ADDRESS]
 *
 * probe and remove are those of a driver of its own, for QEMU's ati-vga, which no driver
 * of Debian's takes. bind hangs when vfio-pci binds: vfio-pci itself waits for nothing
 * that a user could hold up, but really_probe() (drivers/base/dd.c) tells the listeners
 * of the bus first, with the same lock held (BUS_NOTIFY_BIND_DRIVER). */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/wait.h>

static char *probe = "", *remove = "", *bind = "";
module_param(probe, charp, 0444);
module_param(remove, charp, 0444);
module_param(bind, charp, 0444);

/* How many hang now, for who waits for the first. */
static int hanging;
module_param(hanging, int, 0444);

static DECLARE_WAIT_QUEUE_HEAD(queue);
static bool told;

/* No signal ends it, as where hardware does not answer. */
static void hang_if(struct device *dev, const char *address, const char *where)
{
	if (told || strcmp(dev_name(dev), address) != 0)
		return;
	dev_notice(dev, "stuck: hangs in %s\n", where);
	hanging++;
	wait_event(queue, told);
	hanging--;
	dev_notice(dev, "stuck: goes on in %s\n", where);
}

static int go_on(const char *value, const struct kernel_param *param)
{
	pr_notice("stuck: told to go on, %d hanging\n", hanging);
	told = true;
	wake_up_all(&queue);
	return 0;
}

static const struct kernel_param_ops go_ops = {.set = go_on};
module_param_cb(go, &go_ops, NULL, 0200);

static int stuck_probe(struct pci_dev *pci, const struct pci_device_id *id)
{
	hang_if(&pci->dev, probe, "probe");
	return strcmp(pci_name(pci), remove) == 0 ? 0 : -ENODEV;
}

static void stuck_remove(struct pci_dev *pci)
{
	hang_if(&pci->dev, remove, "remove");
}

static int stuck_notify(struct notifier_block *block, unsigned long action, void *data)
{
	struct device *dev = data;

	if (action == BUS_NOTIFY_BIND_DRIVER &&
	    strcmp(dev->driver->name, "vfio-pci") == 0)
		hang_if(dev, bind, "bind");
	return NOTIFY_DONE;
}

static const struct pci_device_id stuck_ids[] = {{PCI_DEVICE(0x1002, 0x5046)}, {}};

static struct pci_driver stuck_driver = {.name = "stuck",
					 .id_table = stuck_ids,
					 .probe = stuck_probe,
					 .remove = stuck_remove};
static struct notifier_block stuck_block = {.notifier_call = stuck_notify};

static int __init stuck_init(void)
{
	bus_register_notifier(&pci_bus_type, &stuck_block);
	return pci_register_driver(&stuck_driver);
}
module_init(stuck_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("hangs with the lock of a device held");
