#include "report/file_set.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

#define FIRST_SLOTS 64

static struct file_set_slot *find(const struct file_set *set, dev_t device, ino_t inode, uint32_t key)
{
    const uint64_t identity[3] = {(uint64_t)device, (uint64_t)inode, key};
    size_t at = (size_t)hash_for_table(identity, sizeof identity) & (set->slot_count - 1);
    for (;; at = (at + 1) & (set->slot_count - 1)) {
        struct file_set_slot *slot = &set->slots[at];
        if (!slot->number || (slot->device == device && slot->inode == inode && slot->key == key))
            return slot;
    }
}

static void grow(struct file_set *set)
{
    struct file_set old = *set;
    set->slot_count = old.slot_count ? old.slot_count * 2 : FIRST_SLOTS;
    set->slots = xcalloc(set->slot_count, sizeof *set->slots);
    for (size_t i = 0; i < old.slot_count; i++)
        if (old.slots[i].number)
            *find(set, old.slots[i].device, old.slots[i].inode, old.slots[i].key) = old.slots[i];
    free(old.slots);
}

uint32_t file_set_put(struct file_set *set, dev_t device, ino_t inode, uint32_t key, uint32_t number)
{
    if (set->slot_count < (set->count + 1) * 2)
        grow(set);
    struct file_set_slot *slot = find(set, device, inode, key);
    if (slot->number)
        return slot->number - 1;
    *slot = (struct file_set_slot){.device = device, .inode = inode, .key = key, .number = number + 1};
    set->count++;
    return FILE_SET_NEW;
}

void file_set_release(struct file_set *set)
{
    free(set->slots);
    *set = (struct file_set)FILE_SET_INIT;
}
