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
