/* SPDX-License-Identifier: Apache-2.0 */
#include "target/dynamic.h"

#include <elf.h>
#include <gelf.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define SEGMENTS_MAX 256
#define ENTRIES_MAX 1024

/* Symbols compared in one chain; a table with the usual two symbols a bucket has chains of some ten at the most. */
#define CHAIN_MAX 4096

#define NAME_BYTES_MAX 64
#define WORD_BYTES 4

struct table {
	int fd;
	Elf *elf;
	uint64_t symbols; /* addresses of the file */
	uint64_t strings;
	uint64_t hash;
	struct {
		uint32_t buckets;
		uint32_t first_symbol;
		uint32_t filter_words;
		uint32_t filter_shift;
	} header;
};

/* Where an address of the file's own lies in the file. */
static bool offset_of(Elf *elf, uint64_t address, uint64_t *offset)
{
	size_t count;

	if (elf_getphdrnum(elf, &count) != 0)
		return false;
	for (size_t i = 0; i < count && i < SEGMENTS_MAX; i++) {
		GElf_Phdr segment;

		if (!gelf_getphdr(elf, (int)i, &segment) || segment.p_type != PT_LOAD || address < segment.p_vaddr ||
		    address - segment.p_vaddr >= segment.p_filesz)
			continue;
		*offset = segment.p_offset + (address - segment.p_vaddr);
		return true;
	}
	return false;
}

/* Bytes at an address of the file's own; how many there were. */
static size_t read_at(const struct table *table, uint64_t address, void *into, size_t size_bytes)
{
	uint64_t offset;
	ssize_t got = offset_of(table->elf, address, &offset) ? pread(table->fd, into, size_bytes, (off_t)offset) : 0;

	return got > 0 ? (size_t)got : 0;
}

static bool read_word(const struct table *table, uint64_t address, uint32_t *word)
{
	return read_at(table, address, word, sizeof(*word)) == sizeof(*word);
}

static void take_entry(struct table *table, const GElf_Dyn *entry)
{
	if (entry->d_tag == DT_SYMTAB)
		table->symbols = entry->d_un.d_ptr;
	else if (entry->d_tag == DT_STRTAB)
		table->strings = entry->d_un.d_ptr;
	else if (entry->d_tag == DT_GNU_HASH)
		table->hash = entry->d_un.d_ptr;
}

static bool find_table(struct table *table)
{
	size_t count;

	if (elf_getphdrnum(table->elf, &count) != 0)
		return false;
	for (size_t i = 0; i < count && i < SEGMENTS_MAX; i++) {
		GElf_Phdr segment;
		Elf64_Dyn entry;

		if (!gelf_getphdr(table->elf, (int)i, &segment) || segment.p_type != PT_DYNAMIC)
			continue;
		for (size_t j = 0; j < ENTRIES_MAX && (j + 1) * sizeof(entry) <= segment.p_filesz; j++) {
			if (pread(table->fd, &entry, sizeof(entry), (off_t)(segment.p_offset + j * sizeof(entry))) !=
			            (ssize_t)sizeof(entry) ||
			    entry.d_tag == DT_NULL)
				break;
			take_entry(table, &entry);
		}
	}
	return table->symbols && table->strings && table->hash &&
	       read_at(table, table->hash, &table->header, sizeof(table->header)) == sizeof(table->header) &&
	       table->header.buckets;
}

static uint32_t hash_of(const char *name)
{
	uint32_t hash = 5381;

	for (const unsigned char *c = (const unsigned char *)name; *c; c++)
		hash = hash * 33 + *c;
	return hash;
}

/* Value of the symbol with that number if it has that name and is defined here; 0 otherwise. */
static uint64_t value_if_named(const struct table *table, uint32_t number, const char *name)
{
	size_t length = strlen(name) + 1;
	char text[NAME_BYTES_MAX];
	Elf64_Sym symbol;

	if (length > sizeof(text) ||
	    read_at(table, table->symbols + (uint64_t)number * sizeof(symbol), &symbol, sizeof(symbol)) !=
	            sizeof(symbol) ||
	    symbol.st_shndx == SHN_UNDEF || read_at(table, table->strings + symbol.st_name, text, length) != length)
		return 0;
	return memcmp(text, name, length) == 0 ? symbol.st_value : 0;
}

static uint64_t look_up(const struct table *table, const char *name)
{
	uint32_t hash = hash_of(name), number, link = 0;
	uint64_t buckets = table->hash + sizeof(table->header) + table->header.filter_words * sizeof(Elf64_Xword);
	uint64_t chains = buckets + (uint64_t)table->header.buckets * WORD_BYTES;

	if (!read_word(table, buckets + (uint64_t)(hash % table->header.buckets) * WORD_BYTES, &number) ||
	    number < table->header.first_symbol)
		return 0;
	for (int i = 0; i < CHAIN_MAX && !(link & 1); i++, number++) {
		uint64_t at = chains + (uint64_t)(number - table->header.first_symbol) * WORD_BYTES;
		uint64_t value = 0;

		if (!read_word(table, at, &link))
			return 0;
		if ((link | 1) == (hash | 1))
			value = value_if_named(table, number, name);
		if (value)
			return value;
	}
	return 0;
}

void ty_dynamic_find(int fd, Elf *elf, uint64_t bias, struct ty_image_symbol *symbols, size_t symbol_count)
{
	struct table table = { .fd = fd, .elf = elf };

	if (!find_table(&table))
		return;
	for (size_t i = 0; i < symbol_count; i++) {
		uint64_t value = look_up(&table, symbols[i].name);

		if (value)
			symbols[i].address = value + bias;
	}
}
