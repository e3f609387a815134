/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files are opened by /proc/PID/map_files first: that is the mapped inode itself, even when it was deleted or replaced,
 * but needs CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN in the initial user namespace. Otherwise by name below
 * /proc/PID/root; RESOLVE_IN_ROOT (openat2(2), Linux 5.6) keeps absolute links and ".." inside the target's root, and
 * the inode is compared with the mapping's, so that no other file can stand in for it. The device is not compared:
 * btrfs and overlayfs show another one in maps than in stat.
 *
 * Files are read, not mapped: one that the target truncates under us is then an error and not a SIGBUS.
 */
#include "target/image.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <libelf.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "target/dynamic.h"
#include "util/cleanup.h"

/* Files of another machine are seen where an emulator runs its programs: addresses in them may be no addresses here. */
#if defined(__x86_64__)
#define OWN_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OWN_MACHINE EM_AARCH64
#else
#error "only x86-64 and aarch64 are known"
#endif

/* Symbols and sections looked at in one file: the largest libraries have some 100 000 exported symbols. */
#define SYMBOLS_MAX 4000000
#define SECTIONS_MAX 65536

static void elf_end_p(Elf **elf)
{
	elf_end(*elf);
}

#define _cleanup_elf_ _cleanup_(elf_end_p)

static int open_below_root(pid_t pid, const char *path)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, .resolve = RESOLVE_IN_ROOT };
	_cleanup_close_ int root = -1;
	char root_path[64];
	int fd;

	snprintf(root_path, sizeof(root_path), "/proc/%d/root", (int)pid);
	root = open(root_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return -errno;
	fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
	return fd >= 0 ? fd : -errno;
}

int ty_image_open(pid_t pid, const struct ty_mapping *mapping)
{
	_cleanup_close_ int fd = -1;
	struct stat status;
	char path[128];

	snprintf(path, sizeof(path), "/proc/%d/map_files/%" PRIx64 "-%" PRIx64, (int)pid, mapping->start, mapping->end);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd >= 0)
		return ty_steal_fd(&fd);
	if (mapping->path[0] != '/')
		return -ENOENT;
	fd = open_below_root(pid, mapping->path);
	if (fd < 0)
		return ty_steal_fd(&fd);
	if (fstat(fd, &status) != 0)
		return -errno;
	if (!S_ISREG(status.st_mode) || status.st_ino != mapping->inode)
		return -ESTALE;
	return ty_steal_fd(&fd);
}

/*
 * What is to be added to an address of the file to get one of the target. The kernel maps whole pages: the segment that
 * the mapping belongs to is the one whose page-rounded file offset range holds the mapping's.
 */
static bool load_bias(Elf *elf, const struct ty_mapping *mapping, uint64_t *bias)
{
	uint64_t page_mask = (uint64_t)sysconf(_SC_PAGESIZE) - 1;
	size_t count;

	if (elf_getphdrnum(elf, &count) != 0)
		return false;
	for (size_t i = 0; i < count; i++) {
		uint64_t offset;
		GElf_Phdr header;

		if (!gelf_getphdr(elf, (int)i, &header) || header.p_type != PT_LOAD)
			continue;
		offset = header.p_offset & ~page_mask;
		if (mapping->file_offset < offset || mapping->file_offset >= header.p_offset + header.p_filesz)
			continue;
		if (((header.p_flags & PF_W) != 0) != mapping->writable && mapping->file_offset != offset)
			continue;
		*bias = mapping->start - ((header.p_vaddr & ~page_mask) + (mapping->file_offset - offset));
		return true;
	}
	return false;
}

static bool is_for_this_machine(const GElf_Ehdr *header)
{
	return header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_ident[EI_DATA] == ELFDATA2LSB &&
	       header->e_machine == OWN_MACHINE;
}

const char *ty_image_machine(int fd, char *buffer, size_t size_bytes)
{
	static const struct {
		int machine;
		const char *name;
	} names[] = { { EM_X86_64, "x86-64" },  { EM_AARCH64, "aarch64" }, { EM_386, "32-bit x86" },
		      { EM_ARM, "32-bit ARM" }, { EM_RISCV, "RISC-V" },    { EM_PPC64, "ppc64" },
		      { EM_S390, "s390" } };
	_cleanup_elf_ Elf *elf = NULL;
	GElf_Ehdr header = { .e_machine = EM_NONE };

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf)
		gelf_getehdr(elf, &header);
	/* The same number stands for x32 and for aarch64's 32-bit and big-endian forms. */
	for (size_t i = 0; header.e_machine != OWN_MACHINE && i < sizeof(names) / sizeof(*names); i++)
		if (header.e_machine == names[i].machine)
			return names[i].name;
	snprintf(buffer, size_bytes, "another kind of machine (ELF number %d)", (int)header.e_machine);
	return buffer;
}

static void find_symbols(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, uint64_t bias,
                         struct ty_image_symbol *symbols, size_t symbol_count)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = header->sh_entsize ? header->sh_size / header->sh_entsize : 0;

	if (!data)
		return;
	for (size_t i = 0; i < count && i < SYMBOLS_MAX; i++) {
		const char *name;
		GElf_Sym symbol;

		if (!gelf_getsym(data, (int)i, &symbol))
			return;
		if (symbol.st_shndx == SHN_UNDEF || !symbol.st_value)
			continue;
		name = elf_strptr(elf, header->sh_link, symbol.st_name);
		for (size_t j = 0; name && j < symbol_count; j++)
			if (strcmp(name, symbols[j].name) == 0)
				symbols[j].address = symbol.st_value + bias;
	}
}

int ty_image_find(int fd, const struct ty_mapping *mapping, const char *section_name, uint64_t *section_address,
                  struct ty_image_symbol *symbols, size_t symbol_count)
{
	_cleanup_elf_ Elf *elf = NULL;
	Elf_Scn *section = NULL;
	size_t names = 0, seen = 0;
	bool listed = false; /* symbols stand in a section */
	GElf_Ehdr header;
	uint64_t bias;

	*section_address = 0;
	for (size_t i = 0; i < symbol_count; i++)
		symbols[i].address = 0;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
		return -ENOEXEC;
	if (!is_for_this_machine(&header))
		return -ELIBBAD;
	if (!load_bias(elf, mapping, &bias))
		return -ENOEXEC;
	if (elf_getshdrstrndx(elf, &names) != 0)
		names = 0;
	while ((section = elf_nextscn(elf, section)) && seen++ < SECTIONS_MAX) {
		const char *name;
		GElf_Shdr part;

		if (!gelf_getshdr(section, &part))
			continue;
		name = elf_strptr(elf, names, part.sh_name);
		if (name && part.sh_addr && strcmp(name, section_name) == 0)
			*section_address = part.sh_addr + bias;
		if (part.sh_type == SHT_DYNSYM) {
			find_symbols(elf, section, &part, bias, symbols, symbol_count);
			listed = true;
		}
	}
	if (!listed)
		ty_dynamic_find(fd, elf, bias, symbols, symbol_count);
	return 0;
}
