# SPDX-License-Identifier: GPL-2.0-or-later
# Build, test and install earlybind. `make help` lists the targets.
VERSION := 0.1.0

PREFIX ?= /usr
DESTDIR ?=
O := build

# An ordinary user's login shell has no sbin, where chroot, depmod and mke2fs are.
export PATH := $(PATH):/usr/sbin:/sbin

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

.PHONY: all check unit lint fuzz bench clean help
all: $(O)/klibc/earlybind-agent $(O)/host/earlybind

help:
	@echo 'make                  the agent and the command, below build/'
	@echo 'make demo             boot the default test machine and show which card went where'
	@echo 'make check            unit tests, fuzz corpora, lint, VM and package cases on Debian 12'
	@echo 'make check-all        that on Debian 11, 12 and 13, with dracut, and the matrix'
	@echo 'make check-dracut     VM cases on Debian 13, some on 12, with the image of dracut'
	@echo 'make check-faults     the agent: each of its system calls fails, hangs or is its last'
	@echo 'make check-kills      enable and disable, killed at each system call'
	@echo 'make check-claims     1,000 claims of random machines and arguments, in VMs'
	@echo 'make check-matrix     conflicts on each release, firmware and kind of card, in VMs'
	@echo 'make check-journeys   install, enable, reboot, ...: on disks with each boot loader, in VMs'
	@echo 'make unit lint        those alone;  make unit UPDATE=1 rewrites tests/expected/'
	@echo 'make fuzz FUZZ_TIME=60   search for inputs that break a parser or a machine, that long each'
	@echo 'make fuzz-nightly     the same for ten minutes each, and how many inputs that was'
	@echo 'make bench            what a boot costs'
	@echo 'make install DESTDIR= PREFIX=/usr'
	@echo 'make deb              the Debian package for this release, below build/deb/'
	@echo 'make clean            remove build/, with the cached images'
	@echo 'V=1 shows the commands, KMOD_SRC=DIR builds without network'

# --- the agent: klibc and libkmod ---
#
# KMOD_SRC=DIR takes an unpacked kmod source instead of fetching Debian's.

AGENT_LIMIT := 63488
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

LIB_SRC := $(wildcard lib/*.c)
AGENT_SRC := $(wildcard agent/*.c)
KLIBC_SRC := $(wildcard agent/klibc/*.c)
# What loading a module by name needs; agent/klibc stands in for the rest.
KMOD_PART := libkmod/libkmod libkmod/libkmod-config libkmod/libkmod-file \
	libkmod/libkmod-index libkmod/libkmod-list libkmod/libkmod-module \
	shared/strbuf shared/util

AGENT_OBJ := $(AGENT_SRC:%.c=$(KB)/%.o) $(KLIBC_SRC:%.c=$(KB)/%.o)
KL_LIB_OBJ := $(LIB_SRC:%.c=$(KB)/%.o)
KMOD_OBJ := $(KMOD_PART:%=$(KB)/kmod/%.o)

# No -g: klcc has it already, and given again it would take -Os away.
# gcc 12 and later can do smaller than -Os.
KL_SIZE := $(shell $(CC) -Oz -E -x c /dev/null >/dev/null 2>&1 && echo -Oz || echo -Os)
# Each of these takes something off, together 2 KB; -mno-sse is klibc's own.
KL_SIZE += -fno-inline-functions-called-once -fno-tree-sra -fno-ipa-cp -fno-tree-pre \
	-fno-code-hoisting -fno-jump-tables -fno-guess-branch-probability -falign-functions=1 \
	-fno-caller-saves -fno-tree-ch -fno-tree-loop-im -fno-tree-switch-conversion \
	-fno-optimize-sibling-calls -fno-expensive-optimizations -fno-move-loop-invariants \
	-fno-if-conversion -fno-shrink-wrap -malign-data=abi
KL_CFLAGS := $(KL_SIZE) -std=gnu11 -ffunction-sections -fdata-sections -fno-unwind-tables \
	-fno-asynchronous-unwind-tables -MMD -MP
KL_WARN := -Wall -Wextra -Wvla -Wformat=2 -Wmissing-prototypes -Wstrict-prototypes -Wundef \
	-Wwrite-strings -Werror
# common-page-size keeps .data from being moved to a page of its own, up to 4 KB of nothing.
KL_LDFLAGS := -static -Wl,--gc-sections,-z,noseparate-code,-z,norelro,-z,noexecstack,--build-id=none,-z,common-page-size=64
# kmod's own warnings are kmod's affair.
KMOD_FLAGS := -w -DNDEBUG -D_GNU_SOURCE -include agent/klibc/kmod-config.h -Iagent/klibc/include

$(KB)/earlybind-agent: $(KB)/earlybind-agent.debug agent/klibc/check-agent
	$(say) STRIP $@
	$(Q)rm -f $@
	$(Q)$(STRIP) --strip-all -R .comment -R .note -o $@.tmp $<
	$(Q)agent/klibc/check-agent $@.tmp $(AGENT_LIMIT)
	$(Q)mv $@.tmp $@

# What the agent and the command share: one archive for each C library.
$(KB)/lib.a: $(KL_LIB_OBJ)
	$(Q)rm -f $@
	$(Q)ar rcD $@ $^

$(KB)/earlybind-agent.debug: $(AGENT_OBJ) $(KMOD_OBJ) $(KB)/lib.a
	$(say) KLCC $@
	$(Q)$(KLCC) $(KL_LDFLAGS) -o $@ $^

$(AGENT_OBJ) $(KL_LIB_OBJ): $(KB)/%.o: %.c $(KB)/kmod.path Makefile
	$(say) KLCC $@
	$(Q)mkdir -p $(@D)
	$(Q)$(KLCC) $(KL_CFLAGS) $(KL_WARN) -DEB_VERSION=\"$(VERSION)\" -Iinclude $(KL_INC) \
		-c -o $@ $<

$(KB)/agent/modules.o: KL_INC := -I$(KMOD)

# Only kmod_load_resources() would map the indexes, and it is not called.
$(KB)/kmod/libkmod/libkmod.o: KMOD_FLAGS += -Dindex_mm_search=kmod_no_index_search \
	-Dindex_mm_close=kmod_no_index_close

# kmod before 31 has nothing compressed decompressed by the kernel.
$(KB)/kmod/libkmod/libkmod-module.o: KMOD_FLAGS += $$(grep -q MODULE_INIT_COMPRESSED_FILE \
	$(KMOD)/libkmod/libkmod-module.c || echo -DKMOD_WITHOUT_DECOMPRESSION)

$(KMOD_OBJ): $(KB)/kmod/%.o: $(KB)/kmod.path agent/klibc/kmod-config.h agent/klibc/stream.h Makefile
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

-include $(AGENT_OBJ:.o=.d) $(KL_LIB_OBJ:.o=.d) $(KMOD_OBJ:.o=.d)

# --- the command: cli/ with lib/, and nothing of agent/, which alone can write to a driver ---

WARN := -Wall -Wextra -Wshadow -Wvla -Wformat=2 -Wmissing-prototypes -Wstrict-prototypes \
	-Wundef -Wwrite-strings -Werror
HOST_CFLAGS := -std=gnu11 -D_GNU_SOURCE -Iinclude -Icli -DEB_VERSION=\"$(VERSION)\" -MMD -MP $(WARN)
CLI_LIBS := $$(pkg-config --libs libpci json-c)

CLI_SRC := $(wildcard cli/*.c cli/*/*.c)
CLI_OBJ := $(CLI_SRC:%.c=$(O)/host/%.o)
HOST_LIB_OBJ := $(LIB_SRC:%.c=$(O)/host/%.o)

$(O)/host/lib.a: $(HOST_LIB_OBJ)
	$(Q)rm -f $@
	$(Q)ar rcD $@ $^

$(O)/host/earlybind: $(CLI_OBJ) $(O)/host/lib.a
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(CLI_LIBS)

$(CLI_OBJ) $(HOST_LIB_OBJ): $(O)/host/%.o: %.c Makefile
	$(say) CC $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -O2 -g $(CPPFLAGS) $(CFLAGS) $(HOST_CFLAGS) -Wframe-larger-than=4096 -c -o $@ $<

-include $(CLI_OBJ:.o=.d) $(HOST_LIB_OBJ:.o=.d)

# --- unit tests: tests/unit/test-NAME.c, with tests/support/ and the parts of the agent ---

ASAN := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
TEST_CFLAGS := -Iagent -Itests/support
TEST_SRC := $(wildcard tests/unit/test-*.c)
SUPPORT_SRC := $(wildcard tests/support/*.c)
# Of the agent what has neither a main() nor libkmod, for which tests/support has a fake.
PART_SRC := agent/apply.c agent/clock.c agent/ops.c agent/step.c agent/worker.c agent/write.c \
	agent/klibc/stream.c
TESTS := $(TEST_SRC:%.c=$(O)/asan/%)
MKTREE := $(O)/asan/tests/mktree
ASAN_CLI_OBJ := $(CLI_SRC:%.c=$(O)/asan/%.o)
ASAN_LIB_OBJ := $(LIB_SRC:%.c=$(O)/asan/%.o)
ASAN_TEST_OBJ := $(patsubst %.c,$(O)/asan/%.o,$(PART_SRC) $(SUPPORT_SRC))
ASAN_MAIN_OBJ := $(patsubst %.c,$(O)/asan/%.o,$(TEST_SRC) tests/mktree.c)

$(O)/asan/lib.a: $(ASAN_LIB_OBJ)
$(O)/asan/cli.a: $(ASAN_CLI_OBJ)
$(O)/asan/tests.a: $(ASAN_TEST_OBJ)
$(O)/asan/lib.a $(O)/asan/cli.a $(O)/asan/tests.a:
	$(Q)rm -f $@
	$(Q)ar rcD $@ $^

# A program takes of an archive what it calls.
$(TESTS) $(MKTREE): $(O)/asan/tests/%: $(O)/asan/tests/%.o $(O)/asan/tests.a $(O)/asan/cli.a \
		$(O)/asan/lib.a
	$(say) LD $@
	$(Q)$(CC) $(ASAN) -o $@ $^ -lcmocka $(CLI_LIBS)

$(O)/asan/earlybind: $(ASAN_CLI_OBJ) $(O)/asan/lib.a
	$(say) LD $@
	$(Q)$(CC) $(ASAN) -o $@ $^ $(CLI_LIBS)

ASAN_ALL := $(ASAN_CLI_OBJ) $(ASAN_LIB_OBJ) $(ASAN_TEST_OBJ) $(ASAN_MAIN_OBJ)
$(ASAN_ALL): $(O)/asan/%.o: %.c Makefile
	$(say) CC $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ASAN) $(HOST_CFLAGS) $(TEST_CFLAGS) -c -o $@ $<

.SECONDARY: $(ASAN_ALL)
-include $(ASAN_ALL:.o=.d)

unit: $(TESTS) $(MKTREE) $(O)/asan/earlybind $(O)/host/earlybind $(KB)/earlybind-agent
	$(Q)tests/support/run $(TESTS)
	$(Q)MKTREE=$(MKTREE) EARLYBIND=$(O)/asan/earlybind AGENT=$(KB)/earlybind-agent \
		UPDATE=$(UPDATE) tests/support/run-bats cli tests tests/cli tests/machines \
		tests/agent

# enable and disable, killed at each system call that writes and at random moments.
.PHONY: check-kills
check-kills: $(MKTREE) $(O)/host/earlybind
	$(Q)MKTREE=$(MKTREE) EARLYBIND=$(O)/host/earlybind tests/support/run-bats kills tests/kills

# The agent on a machine of files that answer as sysfs does: each of its system calls, one at a
# time, fails, is interrupted, hangs, or is the last of its process. FAULTS=N takes each Nth call,
# FAULTS=SCENARIO:TASK:CALL:FAULT shows one.
FAULTS ?=
FAULTS_RUN := $(O)/host/tests/faults/faults
FAULTS_OBJ := $(patsubst %.c,$(O)/host/%.o,$(wildcard tests/faults/*.c) tests/support/tree.c \
	tests/support/tree-line.c)

$(FAULTS_RUN): $(FAULTS_OBJ)
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $$(pkg-config --libs json-c)

.PHONY: check-faults
check-faults: $(FAULTS_RUN) $(KB)/earlybind-agent
	$(Q)tests/faults/make-modules $(O)/faults
	$(Q)$(FAULTS_RUN) $(KB)/earlybind-agent tests/faults $(O)/faults $(FAULTS)

# --- fuzzers: tests/fuzz/fuzz-NAME.c of lib/ and of a parser of cli/, corpus in
# tests/fuzz/corpus/NAME ---

FUZZ_TIME ?= 60
FUZZ := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_SRC := $(wildcard tests/fuzz/fuzz-*.c)
FUZZERS := $(FUZZ_SRC:%.c=$(O)/fuzz/%)
FUZZ_LIB := $(patsubst %.c,$(O)/fuzz/%.o,$(LIB_SRC) $(wildcard tests/support/machine*.c) \
	tests/support/dice.c tests/support/oracle.c cli/bootloader/pe.c)
# A whole machine is in memory: making it of files takes fifty times as long.
FUZZ_MACHINE := $(O)/fuzz/tests/fuzz/fuzz-machine
FUZZ_MEMORY := $(O)/fuzz/tests/fuzz/memory-sysfs.o $(O)/fuzz/tests/support/tree-line.o
FUZZ_OBJ := $(FUZZ_LIB) $(FUZZ_MEMORY) $(FUZZ_SRC:%.c=$(O)/fuzz/%.o)

$(filter-out $(FUZZ_MACHINE),$(FUZZERS)): $(O)/fuzz/tests/%: $(O)/fuzz/tests/%.o $(FUZZ_LIB)
	$(say) LD $@
	$(Q)$(CLANG) $(FUZZ) -fsanitize=fuzzer -o $@ $^

$(FUZZ_MACHINE): $(FUZZ_MACHINE).o $(FUZZ_MEMORY) $(filter-out %/lib/sysfs.o,$(FUZZ_LIB))
	$(say) LD $@
	$(Q)$(CLANG) $(FUZZ) -fsanitize=fuzzer -o $@ $^ $$(pkg-config --libs json-c)

$(FUZZ_OBJ): $(O)/fuzz/%.o: %.c Makefile
	$(say) CLANG $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ) -fsanitize=fuzzer-no-link $(HOST_CFLAGS) $(TEST_CFLAGS) -c -o $@ $<

.SECONDARY: $(FUZZ_OBJ)
-include $(FUZZ_OBJ:.o=.d)

.PHONY: fuzz-replay
fuzz-replay: $(FUZZERS)
	$(Q)for f in $(FUZZERS); do \
		corpus=tests/fuzz/corpus/$${f##*/fuzz-}; \
		$$f -runs=0 $$corpus >$$f.log 2>&1 || { cat $$f.log; exit 1; }; \
		echo "fuzz-replay: $${f##*/}: $$(ls $$corpus | wc -l) inputs, none breaks it"; \
	done

# A fuzzer may have words that its inputs are made of.
fuzz: $(FUZZERS)
	$(Q)for f in $(FUZZERS); do \
		name=$${f##*/fuzz-}; found=$(O)/fuzz/found/$$name; mkdir -p $$found; \
		dict=; [ ! -f tests/fuzz/$$name.dict ] || dict=-dict=tests/fuzz/$$name.dict; \
		$$f -max_total_time=$(FUZZ_TIME) -max_len=4200 -print_final_stats=1 $$dict \
			-artifact_prefix=$$found/ $$found tests/fuzz/corpus/$$name \
			>$$f.log 2>&1 || { tail -n 40 $$f.log; exit 1; }; \
		sed -n "s/^stat::number_of_executed_units: */fuzz: fuzz-$$name: $(FUZZ_TIME) s, inputs: /p" $$f.log; \
	done

# Ten minutes for each of them, and how many inputs that was.
FUZZ_NIGHT ?= 600
.PHONY: fuzz-nightly
fuzz-nightly: $(FUZZERS)
	$(Q)mkdir -p $(O)/fuzz
	$(Q)$(MAKE) --no-print-directory fuzz FUZZ_TIME=$(FUZZ_NIGHT) >$(O)/fuzz/nightly 2>&1 || \
		{ cat $(O)/fuzz/nightly; exit 1; }
	$(Q)cat $(O)/fuzz/nightly
	$(Q)awk '/inputs:/ { sum += $$NF; n++ } END { \
		print "fuzz-nightly: " n " fuzzers, " sum " inputs, none breaks them"; exit n == 0 }' \
		$(O)/fuzz/nightly

# --- what it costs: tests/bench/bench-NAME.c, optimised as the command is ---

BENCH_SRC := $(wildcard tests/bench/bench-*.c)
BENCH := $(BENCH_SRC:%.c=$(O)/host/%)
CROWD_MACHINE := $(O)/host/tests/bench/crowd-machine
BENCH_LIB := $(patsubst %,$(O)/host/tests/support/%.o,crowd crowd-tree dice machine-builder tree tree-line)
BENCH_OBJ := $(BENCH_SRC:%.c=$(O)/host/%.o) $(CROWD_MACHINE).o $(BENCH_LIB)

$(BENCH) $(CROWD_MACHINE): $(O)/host/tests/%: $(O)/host/tests/%.o $(BENCH_LIB) $(O)/host/lib.a
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^

$(sort $(BENCH_OBJ) $(FAULTS_OBJ)): $(O)/host/%.o: %.c Makefile
	$(say) CC $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -O2 -g $(CFLAGS) $(HOST_CFLAGS) $(TEST_CFLAGS) -c -o $@ $<

.SECONDARY: $(BENCH_OBJ) $(FAULTS_OBJ)
-include $(BENCH_OBJ:.o=.d) $(FAULTS_OBJ:.o=.d)

# The table: the boot against a floor and scripts, and large machines.
bench: $(BENCH) $(CROWD_MACHINE) $(KB)/earlybind-agent
	$(Q)for bench in $(BENCH); do $$bench || exit 1; done
	$(Q)qemu-test/setup bench
	$(Q)qemu-test/bench

# --- everything ---

lint:
	$(Q)tests/support/lint $(KMOD)

clean:
	$(Q)rm -rf $(O)

# The longest part first, so that none is left alone at the end. What two of them need is built
# before they start.
CHECK := vm-bookworm units journey
PARTS ?= dracut vm-bookworm vm-bullseye vm-trixie newcomer units journey faults kills matrix
# The VM cases of `make check`.
CASES ?= qemu-test/cases

.PHONY: check-all
check check-all:
	$(Q)qemu-test/setup
	$(Q)$(MAKE) --no-print-directory all $(MKTREE)
	$(Q)V=$(V) UPDATE=$(UPDATE) CASES='$(CASES)' FAULTS='$(FAULTS)' tests/support/run-parts $@ $(if $(filter check,$@),$(CHECK),$(PARTS))

# --- install ---
# mkinitramfs reads hooks and boot scripts from one place, whatever PREFIX is.
INITRAMFS_DIR ?= /usr/share/initramfs-tools
INSTALLED_AGENT := $(PREFIX)/lib/earlybind/earlybind-agent
INSTALLED_CONTENTS := $(PREFIX)/lib/earlybind/image-contents
DRACUT_DIR ?= $(PREFIX)/lib/dracut/modules.d
INITCPIO_DIR ?= $(PREFIX)/lib/initcpio
DRACUT_MODULE := $(DESTDIR)$(DRACUT_DIR)/50earlybind
HOOK := $(DESTDIR)$(INITRAMFS_DIR)/hooks/earlybind
BOOT_SCRIPT := $(DESTDIR)$(INITRAMFS_DIR)/scripts/init-top/earlybind
COMPLETION := $(DESTDIR)$(PREFIX)/share/bash-completion/completions/earlybind

.PHONY: install
install: $(O)/klibc/earlybind-agent $(O)/host/earlybind
	$(say) INSTALL $(DESTDIR)$(PREFIX)
	$(Q)install -D -m 755 $(O)/klibc/earlybind-agent $(DESTDIR)$(INSTALLED_AGENT)
	$(Q)install -D -m 755 $(O)/host/earlybind $(DESTDIR)$(PREFIX)/bin/earlybind
	$(Q)install -d $(dir $(HOOK) $(BOOT_SCRIPT))
	$(Q)sed 's|^EB_AGENT=.*|EB_AGENT=$(INSTALLED_AGENT)|' image/contents.sh \
		>$(DESTDIR)$(INSTALLED_CONTENTS)
	$(Q)chmod 644 $(DESTDIR)$(INSTALLED_CONTENTS)
	$(Q)sed 's|^CONTENTS=.*|CONTENTS=$(INSTALLED_CONTENTS)|' initramfs-tools/hooks/earlybind >$(HOOK)
	$(Q)install -m 755 initramfs-tools/scripts/init-top/earlybind $(BOOT_SCRIPT)
	$(Q)chmod 755 $(HOOK)
	$(Q)install -d $(DRACUT_MODULE)
	$(Q)sed 's|^CONTENTS=.*|CONTENTS=$(INSTALLED_CONTENTS)|' dracut/50earlybind/module-setup.sh \
		>$(DRACUT_MODULE)/module-setup.sh
	$(Q)chmod 755 $(DRACUT_MODULE)/module-setup.sh
	$(Q)install -m 755 dracut/50earlybind/earlybind.sh $(DRACUT_MODULE)/earlybind.sh
	$(Q)install -m 644 dracut/50earlybind/earlybind.service $(DRACUT_MODULE)/earlybind.service
	$(Q)install -d $(DESTDIR)$(INITCPIO_DIR)/install
	$(Q)sed 's|^CONTENTS=.*|CONTENTS=$(INSTALLED_CONTENTS)|; s|^UNIT=.*|UNIT=$(INITCPIO_DIR)/earlybind.service|' \
		mkinitcpio/install/earlybind >$(DESTDIR)$(INITCPIO_DIR)/install/earlybind
	$(Q)chmod 755 $(DESTDIR)$(INITCPIO_DIR)/install/earlybind
	$(Q)install -D -m 644 mkinitcpio/hooks/earlybind $(DESTDIR)$(INITCPIO_DIR)/hooks/earlybind
	$(Q)install -m 644 dracut/50earlybind/earlybind.service $(DESTDIR)$(INITCPIO_DIR)/earlybind.service
	$(Q)install -D -m 644 completions/earlybind $(COMPLETION)
	$(Q)for page in $(wildcard man/*.[1-8]); do \
		install -D -m 644 $$page \
			$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/} || exit 1; \
	done

# --- the Debian package: debian/README.source ---
.PHONY: deb
deb: $(KMOD)/libkmod/libkmod.h
	$(Q)qemu-test/setup deb
	$(say) DEB $(O)/deb
	$(Q)debian/make-deb $(O)/deb $(KMOD)

# --- the test machine ---
.PHONY: check-vm check-dracut check-matrix check-claims demo
check-vm:
	$(Q)qemu-test/setup build vm package
	$(Q)$(MAKE) --no-print-directory all
	$(say) VM qemu-test/cases
	$(Q)tests/support/run-bats vm qemu-test/cases

# What an image by another builder can change. What the kernel and the agent alone decide, vm-trixie
# has, with the same kernel; DRACUT_CASES=qemu-test/cases runs that by dracut too.
DRACUT_CASES ?= $(patsubst %,qemu-test/cases/%.bats,agent-fails boot compressed diagnose-image encrypted hook \
	no-argument no-vfio-modules one-function package switched-off uefi whole-card)

check-dracut:
	$(Q)qemu-test/setup build vm package
	$(Q)$(MAKE) --no-print-directory all
	$(say) VM 'qemu-test/cases, by dracut'
	$(Q)INITRAMFS=dracut RELEASE=bookworm tests/support/run-bats dracut-bookworm \
		qemu-test/cases/dracut/preload.bats
	$(Q)INITRAMFS=dracut RELEASE=trixie tests/support/run-bats dracut $(DRACUT_CASES) \
		qemu-test/cases/dracut

check-matrix:
	$(Q)qemu-test/setup build vm
	$(Q)$(MAKE) --no-print-directory all
	$(Q)qemu-test/matrix $(MATRIX)

# Twelve guests, each of a release and one of three machines. CLAIMS_SEED=N repeats those of a
# failure, CLAIMS_RELEASES names fewer releases.
CLAIMS ?= 84
CLAIMS_SEED ?= $(shell date +%s)
CLAIMS_RELEASES ?= bookworm bullseye trixie forky
check-claims:
	$(Q)qemu-test/setup build vm
	$(Q)$(MAKE) --no-print-directory all
	$(Q)failed=0; for release in $(CLAIMS_RELEASES); do for machine in 0 1 2; do \
		qemu-test/claims --release $$release --machine $$machine --count $(CLAIMS) \
			--seed $$(($(CLAIMS_SEED) + machine)) || failed=1; \
	done; done; exit $$failed

# All cases on all boot loaders, for hours. JOURNEYS='trixie grub-pc enable' names a part of them,
# JOURNEY_SEED=N repeats what was thrown.
.PHONY: check-journeys
JOURNEYS ?=
check-journeys:
	$(Q)qemu-test/setup journey
	$(Q)JOURNEY_SEED=$(JOURNEY_SEED) qemu-test/check-journeys $(JOURNEYS)

demo:
	$(Q)qemu-test/setup build vm
	$(Q)$(MAKE) --no-print-directory all
	$(Q)qemu-test/demo
