#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Hook of dracut for images without systemd: runs the earlybind agent before any driver is
# loaded. dracut's init sources it, so it must not exit. The agent keeps to its own time limit.

if [ -x /usr/lib/earlybind/earlybind-agent ]; then
	/usr/lib/earlybind/earlybind-agent || :
fi
