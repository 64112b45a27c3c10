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

# --- the agent: klibc and libkmod ---
#
# KMOD_SRC=DIR takes an unpacked kmod source instead of fetching Debian's.

AGENT_LIMIT := 65536
STRIP ?= strip

KB := $(O)/klibc
KMOD_SRC ?=
ifeq ($(KMOD_SRC),)
KMOD := $(O)/kmod/source
else
KMOD := $(KMOD_SRC)
ifeq ($(wildcard $(KMOD)/libkmod/libkmod.h),)
$(error KMOD_SRC=$(KMOD_SRC) has no libkmod/libkmod.h: name an unpacked kmod source)
endif
endif

AGENT_SRC := $(wildcard agent/*.c)
KLIBC_SRC := $(wildcard agent/klibc/*.c)
# What loading a module by name needs; agent/klibc stands in for the rest.
KMOD_PART := libkmod/libkmod libkmod/libkmod-config libkmod/libkmod-file \
	libkmod/libkmod-index libkmod/libkmod-list libkmod/libkmod-module \
	shared/hash shared/strbuf shared/util

AGENT_OBJ := $(AGENT_SRC:%.c=$(KB)/%.o) $(KLIBC_SRC:%.c=$(KB)/%.o)
KMOD_OBJ := $(KMOD_PART:%=$(KB)/kmod/%.o)

# No -g: klcc has it already, and given again it would take -Os away.
KL_CFLAGS := -Os -std=gnu11 -ffunction-sections -fdata-sections -fno-unwind-tables \
	-fno-asynchronous-unwind-tables -MMD -MP
KL_WARN := -Wall -Wextra -Wvla -Wformat=2 -Wmissing-prototypes -Wstrict-prototypes -Wundef \
	-Wwrite-strings -Werror
KL_LDFLAGS := -static -Wl,--gc-sections,-z,noseparate-code,-z,norelro,--build-id=none
# kmod's own warnings are kmod's affair.
KMOD_FLAGS := -w -D_GNU_SOURCE -include agent/klibc/kmod-config.h -Iagent/klibc/include

$(KB)/earlybind-agent: $(KB)/earlybind-agent.debug agent/klibc/check-agent
	$(say) STRIP $@
	$(Q)rm -f $@
	$(Q)$(STRIP) --strip-all -R .comment -R .note -o $@.tmp $<
	$(Q)agent/klibc/check-agent $@.tmp $(AGENT_LIMIT)
	$(Q)mv $@.tmp $@

$(KB)/earlybind-agent.debug: $(AGENT_OBJ) $(KMOD_OBJ)
	$(say) KLCC $@
	$(Q)$(KLCC) $(KL_LDFLAGS) -o $@ $^

$(AGENT_OBJ): $(KB)/%.o: %.c $(KB)/kmod.path Makefile
	$(say) KLCC $@
	$(Q)mkdir -p $(@D)
	$(Q)$(KLCC) $(KL_CFLAGS) $(KL_WARN) -DEB_VERSION=\"$(VERSION)\" -Iinclude $(KL_INC) \
		-c -o $@ $<

$(KB)/agent/modules.o: KL_INC := -I$(KMOD)

$(KMOD_OBJ): $(KB)/kmod/%.o: $(KB)/kmod.path agent/klibc/kmod-config.h
	$(say) KLCC $@
	$(Q)mkdir -p $(@D)
	$(Q)$(KLCC) $(KL_CFLAGS) $(KMOD_FLAGS) -I$(KMOD) -c -o $@ $(KMOD)/$*.c

# Changes when the kmod source is another one.
$(KB)/kmod.path: $(KMOD)/libkmod/libkmod.h FORCE
	$(Q)mkdir -p $(@D)
	$(Q)echo '$(KMOD)' | cmp -s - $@ || echo '$(KMOD)' >$@

$(O)/kmod/source/libkmod/libkmod.h:
	$(Q)agent/klibc/fetch-kmod $(O)/kmod

.PHONY: FORCE
FORCE:

-include $(AGENT_OBJ:.o=.d) $(KMOD_OBJ:.o=.d)

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
