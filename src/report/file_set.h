/* A set of files and folders, by device and inode: two paths of one file are one member. A key tells
 * apart several sets in one. */
#ifndef REPORT_FILE_SET_H
#define REPORT_FILE_SET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct file_set_slot {
    dev_t device;
    ino_t inode;
    uint32_t key;
    uint32_t number; /* what file_set_put was given, + 1; 0: free */
};

struct file_set {
    struct file_set_slot *slots;
    size_t slot_count;
    size_t count;
};

#define FILE_SET_INIT                                                                                        \
    {                                                                                                        \
        .slots = NULL                                                                                        \
    }
#define FILE_SET_NEW UINT32_MAX

/* Puts the file in with a number and returns FILE_SET_NEW; when it is in already, the number it came
 * with. */
uint32_t file_set_put(struct file_set *set, dev_t device, ino_t inode, uint32_t key, uint32_t number);
void file_set_release(struct file_set *set);

#endif
