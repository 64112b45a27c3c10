# SPDX-License-Identifier: GPL-2.0-or-later
# Build, test and install earlybind. `make help` lists the targets.
VERSION := 0.1.0

PREFIX ?= /usr
DESTDIR ?=
O := build

CC ?= gcc
CLANG ?= clang
KLCC ?= klcc

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-8s%s\n'
endif

# --- install ---
# mkinitramfs reads hooks and boot scripts from one place, whatever PREFIX is.
INITRAMFS_DIR ?= /usr/share/initramfs-tools
INSTALLED_AGENT := $(PREFIX)/lib/earlybind/earlybind-agent
HOOK := $(DESTDIR)$(INITRAMFS_DIR)/hooks/earlybind
BOOT_SCRIPT := $(DESTDIR)$(INITRAMFS_DIR)/scripts/init-top/earlybind

.PHONY: install
install: $(O)/klibc/earlybind-agent $(O)/host/earlybind
	$(say) INSTALL $(DESTDIR)$(PREFIX)
	$(Q)install -D -m 755 $(O)/klibc/earlybind-agent $(DESTDIR)$(INSTALLED_AGENT)
	$(Q)install -D -m 755 $(O)/host/earlybind $(DESTDIR)$(PREFIX)/bin/earlybind
	$(Q)install -d $(dir $(HOOK) $(BOOT_SCRIPT))
	$(Q)sed 's|^AGENT=.*|AGENT=$(INSTALLED_AGENT)|' initramfs-tools/hooks/earlybind >$(HOOK)
	$(Q)install -m 755 initramfs-tools/scripts/init-top/earlybind $(BOOT_SCRIPT)
	$(Q)chmod 755 $(HOOK)
	$(Q)for page in $(wildcard man/*.[1-8]); do \
		install -D -m 644 $$page \
			$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/} || exit 1; \
	done

# --- the test machine ---
.PHONY: check-vm demo
check-vm:
	$(Q)qemu-test/setup build vm
	$(Q)$(MAKE) --no-print-directory all
	$(say) VM qemu-test/cases
	$(Q)bats qemu-test/cases

demo:
	$(Q)qemu-test/setup build vm
	$(Q)$(MAKE) --no-print-directory all
	$(Q)qemu-test/demo
