/* User names and passwords in addresses: nothing that is shown or sent may hold them.
 *
 * Both work in place and leave text without any alone. An address begins behind "scheme://", or with "//" at
 * the very beginning of the text; user and password are what stands before the last "@" of its host. A raw
 * "/", "?" or "#" in a password is seen by the port that is then none ("https://me:a/b@host"); an "@" in path
 * or query stays. NULL is allowed.
 */
#ifndef BASE_URL_H
#define BASE_URL_H

#include <stdbool.h>

/* Of a text that is an address: blanks and quotes in it belong to it. */
void url_cut_user(char *url);
/* Of every address in a text for people: blanks, quotes and angle brackets end one. */
void text_cut_url_users(char *text);
/* As text_cut_url_users, with a star for each byte of user and password. json: the text is JSON without escaped
 * slashes, in which no address goes beyond a quote. */
void text_star_url_users(char *text, bool json);

#endif
