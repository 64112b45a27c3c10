#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel without vfio: the hook warns and the image is built, the boot hands the cards back.
load lib

setup_file()
{
	boot_guest --image novfio --append 'vfio.gpus=00:05,00:06'
	export IMAGE=$("$TOP/qemu-test/image" novfio)
}

@test "the hook warns, naming the kernel, the reason and the consequence" {
	run -0 grep -E "$WARNING" "$IMAGE/build.log"
	[ "${#lines[@]}" -eq 1 ]
	[[ "$output" == *"kernel $(jq -r .kernel "$FACTS")"*"no vfio-pci"*"keep their drivers"* ]]
}

@test "the image has the agent and no vfio module" {
	grep -q '/usr/lib/earlybind/earlybind-agent$' "$IMAGE/files"
	refute_in "$IMAGE/files" vfio
}

@test "every card has the host's driver and its override is taken back" {
	facts '[driver("05.0"), driver("06.0"), driver("07.0")] | all(. == "bochs-drm")'
	facts '[.devices[] | .override] | all(. == null)'
	facts '.vfio == []'
}

@test "the report and the kernel log say why" {
	facts '[.report.devices[] | .result] == ["failed", "failed", "failed"]'
	facts 'found("error"; "vfio-pci") and logged("vfio-pci")'
}
