// SPDX-License-Identifier: GPL-2.0-or-later
/* Codes of problems: their names, their severity, and what to do about each. */
#include "problems.h"

#define REBUILD "rebuild the initramfs: update-initramfs -u (with dracut: dracut --force)"
#define REBOOT	REBUILD ", then reboot"
#define REMOVE	"remove it from the boot loader's configuration"
#define MORE	"see vfio.gpus(7)"

static const struct eb_problem_kind codes[EB_PROBLEM_CODES] = {
	[EB_PROBLEM_NO_REPORT] = {"no-report", EB_ERROR, REBOOT},
	[EB_PROBLEM_BAD_REPORT] =
		{"bad-report", EB_ERROR,
		 "make sure that the agent in the initramfs has the same version as "
		 "this command: " REBOOT},
	[EB_PROBLEM_NOT_OURS] = {"not-ours", EB_INFO,
				 "nothing, if guests run; to claim it before any driver "
				 "can, see earlybind enable"},
	[EB_PROBLEM_LOST] = {"lost", EB_ERROR, "reboot to claim it again"},
	[EB_PROBLEM_REMOVED] =
		{"removed", EB_ERROR,
		 "echo 1 > /sys/bus/pci/rescan may find it again, but without its "
		 "driver_override; a reboot claims it again"},
	[EB_PROBLEM_NOT_CLAIMED] = {"not-claimed", EB_ERROR,
				    "see the reason; to see what the next boot would "
				    "do, run earlybind plan"},
	[EB_PROBLEM_CLAIMED_SINCE] =
		{"claimed-since", EB_INFO,
		 "nothing to do now; if it happens at every boot, find "
		 "out why binding fails so early"},
	[EB_PROBLEM_GROUP_NOT_VIABLE] =
		{"group-not-viable", EB_ERROR,
		 "move the card to a slot in another group (earlybind list shows the "
		 "groups), or claim the others too, if the host can do without them"},
	[EB_PROBLEM_CANT_RESERVE] = {"cant-reserve", EB_ERROR,
				     "start the guest again; if it fails again, run "
				     "earlybind diagnose while the guest is running"},
	[EB_PROBLEM_IO_BAR] = {"io-bar", EB_INFO,
			       "nothing: vfio-pci requests I/O BARs, too, since Linux "
			       "7.2 whenever a guest opens a device"},
	[EB_PROBLEM_INTERRUPT_SHARED] =
		{"interrupt-shared", EB_ERROR,
		 "unbind the other device's driver, or disable that device in the "
		 "firmware setup; or put the card into a slot with another interrupt "
		 "(/proc/interrupts)"},
	[EB_PROBLEM_ROM_SIGNATURE] =
		{"rom-signature", EB_INFO,
		 "nothing, if guests can use the card; else dump its ROM, and let "
		 "the guest use that (romfile=)"},
	[EB_PROBLEM_PROBE_FAILED] = {"probe-failed", EB_ERROR,
				     "see the kernel log around this line (dmesg)"},
	[EB_PROBLEM_POWER_STATE] =
		{"power-state", EB_WARNING,
		 "add earlybind.power=on to keep it awake, and "
		 "pcie_aspm=off if that is not enough; to wake it now, "
		 "power the machine off and on"},
	[EB_PROBLEM_RESET_TROUBLE] =
		{"reset-trouble", EB_WARNING,
		 "power the machine off and on before a guest uses it again; assign "
		 "all functions of the card to one guest, so that its bus can be "
		 "reset"},
	[EB_PROBLEM_DISPLAY_IN_USE] = {"display-in-use", EB_WARNING,
				       "add earlybind.fb=release, and reboot"},
	[EB_PROBLEM_IMAGE_NO_AGENT] =
		{"image-no-agent", EB_ERROR,
		 "check that /usr/share/initramfs-tools/hooks/earlybind exists, run "
		 "update-initramfs -u, and look for a warning from earlybind"},
	[EB_PROBLEM_IMAGE_NO_VFIO] = {"image-no-vfio", EB_ERROR,
				      "run update-initramfs -u, and look for a warning "
				      "from earlybind"},
	[EB_PROBLEM_IMAGE_ORDER] =
		{"image-order", EB_ERROR,
		 "find out which script in init-top names earlybind in its PREREQ, or "
		 "was renamed (earlybind's own PREREQ is empty); then run "
		 "update-initramfs -u"},
	[EB_PROBLEM_IMAGE_LATE] =
		{"image-late", EB_INFO,
		 "nothing, if guests run; to claim the cards in the initramfs, see "
		 "earlybind enable"},
	[EB_PROBLEM_NEXT_BOOT] = {"next-boot", EB_WARNING, "reboot, if this is intended"},
	[EB_PROBLEM_NOT_APPLIED] = {"not-applied", EB_WARNING, ""},
	[EB_PROBLEM_DRIVER_BLACKLISTED] = {"driver-blacklisted", EB_WARNING,
					   "remove the line; " REBOOT},
	[EB_PROBLEM_IDS_IN_MODPROBE] = {"ids-in-modprobe", EB_WARNING,
					"remove ids= from the line; " REBOOT},
	[EB_PROBLEM_MISSING_MODULE] = {"missing-module", EB_WARNING,
				       "remove vfio_virqfd from the file"},
	[EB_PROBLEM_MODESET_OFF] = {"modeset-off", EB_WARNING, REMOVE},
	[EB_PROBLEM_ACS_OVERRIDE] =
		{"acs-override", EB_WARNING,
		 REMOVE ", then see with earlybind list which devices share a group; "
			"keep it only if all guests are trusted"},
	[EB_PROBLEM_VGA_DISABLED] = {"vga-disabled", EB_INFO,
				     "remove disable_vga=1 from the line; " REBOOT},
	[EB_PROBLEM_REMOVE_RESCAN] =
		{"remove-rescan", EB_WARNING,
		 "remove it, and let earlybind enable --with-remedy write what frees the "
		 "BAR: initcall_blacklist=sysfb_init"},
	[EB_PROBLEM_FRAMEBUFFER_OFF] =
		{"framebuffer-off", EB_INFO,
		 REMOVE ", and add earlybind.fb=release, which releases only the "
			"claimed card"},
	[EB_PROBLEM_NEEDLESS_MODPROBE] = {"needless-modprobe", EB_INFO,
					  "the lines can be removed; then " REBUILD},
	[EB_PROBLEM_NEEDLESS_MODULE] = {"needless-module", EB_INFO,
					"the lines can be removed; then " REBUILD},
	[EB_PROBLEM_NEEDLESS_ARGUMENT] = {"needless-argument", EB_INFO, REMOVE},
};

static const char *const remedies[EB_CODES] = {
	[EB_FIND_BAD_ITEM] = "correct the item; earlybind plan checks it without a "
			     "reboot",
	[EB_FIND_EMPTY_ARGUMENT] = "add a list, or remove vfio.gpus=",
	[EB_FIND_UNKNOWN_OPTION] = "correct its name, or remove it; " MORE,
	[EB_FIND_BAD_VALUE] = "use one of its values; " MORE,
	[EB_FIND_TOO_LONG] = "shorten it: nvidia, amd or all name many cards",
	[EB_FIND_SWITCHED_OFF] = "remove 'none' to claim again",
	[EB_FIND_DRY_RUN] = "remove earlybind.dryrun=1 to claim what is planned",
	[EB_FIND_NO_MATCH] = "use the card's address as earlybind list shows it now",
	[EB_FIND_NOT_A_CARD_ID] = "name the card by its display controller's id, or by "
				  "address",
	[EB_FIND_GUARD] = "find the intended card with earlybind list, and use its "
			  "address",
	[EB_FIND_BRIDGE] = "name the card below it; earlybind list shows its path",
	[EB_FIND_NOT_DISPLAY] =
		"use the card's address; if this function is intended, add "
		"earlybind.nongpu=allow",
	[EB_FIND_NO_IOMMU] = "switch the IOMMU on; " MORE,
	[EB_FIND_GROUP_HELD] =
		"move one of the two to another slot, or claim both if the "
		"host can do without it",
	[EB_FIND_SRIOV] = "prevent its virtual functions from being created at boot",
	[EB_FIND_OTHER_OVERRIDE] = "run driverctl unset-override ADDRESS, or remove the "
				   "card from vfio.gpus",
	[EB_FIND_IDS_TAKE_MORE] = "remove vfio-pci.ids= from the command line",
	[EB_FIND_BOOT_DISPLAY] = "nothing if this is intended; else add ,-boot to the "
				 "list",
	[EB_FIND_BOOT_DISPLAY_UNKNOWN] = "name the cards by address",
	[EB_FIND_SCAN] = "check that /sys and /proc are mounted; " MORE,
	[EB_FIND_LIMIT] = "fix the other problems first and run diagnose again; " MORE,
	[EB_FIND_BAR_HELD] = "run earlybind diagnose as root to find out who holds it",
	[EB_FIND_BAR_UNASSIGNED] = "add pci=realloc; " MORE,
	[EB_FIND_NO_RESET] = "assign everything on its bus to the same guest; if it "
			     "fails after a guest's restart, reboot the host",
	[EB_FIND_VIDEO_OFF] = "remove video=efifb:off",
	[EB_FIND_IOMEM_HIDDEN] = "run earlybind diagnose as root",
	[EB_FIND_RMRR] = "look for a firmware update, or for a setting of the firmware "
			 "such as Pre-boot DMA Protection; or ask the machine's vendor",
	[EB_FIND_NO_REMAPPING] =
		"remove intremap=off or enable it where the IOMMU is enabled; "
		"vfio_iommu_type1.allow_unsafe_interrupts=1 does without, but a guest "
		"can then inject interrupts into the host",
	[EB_FIND_NOT_POSTED] =
		"nothing, if guests can use it; else let amdgpu bind to it "
		"once before vfio-pci, or make it the primary display",
	[EB_FIND_HOLD_FAILED] = "check that it is still there (earlybind list), and "
				"reboot",
	[EB_FIND_NO_VFIO] = "look for a warning from earlybind as you " REBUILD
			    "; then reboot",
	[EB_FIND_LOAD_FAILED] = "correct the module's options in /etc/modprobe.d or on "
				"the command line; " REBOOT,
	[EB_FIND_UNBIND_FAILED] = "find out what loads its driver so early: it is built "
				  "in, or another boot script loads it",
	[EB_FIND_BIND_FAILED] = "depends on the error: EINVAL: switch the IOMMU on; "
				"EBUSY: prevent virtual functions at boot; "
				"ENODEV: check that it is there",
	[EB_FIND_TIMEOUT] = "see the kernel log for what hangs; if the machine is only "
			    "slow, add earlybind.timeout=60",
	[EB_FIND_HANDED_BACK] = "fix the error that caused it",
	[EB_FIND_STILL_HELD] = "fix the error that caused it; the two commands above "
			       "bind its own driver",
	[EB_FIND_POWER_FAILED] = "echo on > /sys/bus/pci/devices/ADDRESS/power/control",
	[EB_FIND_RELEASED] = "nothing, this was requested",
	[EB_FIND_RELEASE_FAILED] = "check whether something holds a BAR (bar-held)",
};

struct eb_problem_kind eb_problem_kind(unsigned int code)
{
	if (codes[code].name)
		return codes[code];
	return (struct eb_problem_kind){eb_finding_name((enum eb_code)code),
					eb_finding_severity((enum eb_code)code),
					remedies[code]};
}
