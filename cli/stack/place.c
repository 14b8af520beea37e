/* Makes the stack's folder, picks the account, tests that the one can reach the other. What is done as root
 * is done to the folder that was looked at, by its descriptor: others may be able to put another in its place
 * meanwhile. */
#include "place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Its parents become folders that others may pass through, whatever the umask: the account must get to it. */
static int folders_make(const char *dir)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof(path), "%s", dir) >= (int)sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    mode_t before = umask(022);
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0755);
        *slash = '/';
    }
    int made = mkdir(path, 0700);
    umask(before);
    return made;
}

enum content { CONTENT_NONE, CONTENT_STACK, CONTENT_OTHER };

static enum content folder_content(int folder)
{
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = again < 0 ? NULL : fdopendir(again);
    if (!d)
        return CONTENT_OTHER;
    enum content content = CONTENT_NONE;
    const struct dirent *e;
    while ((e = readdir(d))) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        if (strcmp(e->d_name, "stack.json") == 0 || strcmp(e->d_name, "run") == 0) {
            content = CONTENT_STACK;
            break;
        }
        content = CONTENT_OTHER;
    }
    closedir(d);
    return content;
}

static void account_fill(struct place_account *account, const struct passwd *pw)
{
    account->drop = true;
    account->uid = pw->pw_uid;
    account->gid = pw->pw_gid;
    snprintf(account->name, sizeof(account->name), "%s", pw->pw_name);
}

static enum bus_status account_choose(const char *dir, const struct stat *st, struct place_account *ret,
                                      struct bus_error *err)
{
    const struct passwd *pw = st->st_uid ? getpwuid(st->st_uid) : NULL;
    if (st->st_uid && !pw)
        return bus_fail(err, BUS_DENIED,
                        "%s belongs to user id %u, which has no account here: name another folder "
                        "with --dir",
                        dir, (unsigned)st->st_uid);
    if (!pw)
        pw = getpwnam("postgres");
    if (!pw)
        pw = getpwnam("nobody");
    if (!pw)
        return bus_fail(err, BUS_DENIED,
                        "Postgres does not run as root, and there is no account postgres or nobody: "
                        "start the stack as an ordinary user");
    account_fill(ret, pw);
    return BUS_OK;
}

/* Asked of the kernel, by a process that has become that account: it knows every rule there is. By the whole
 * path: we may stand in a folder that the account could not have entered. */
static bool account_reaches(const struct place_account *account, const char *dir)
{
    char path[PATH_MAX];
    if (!realpath(dir, path))
        return false;
    pid_t pid = fork();
    if (pid == 0)
        _exit(place_drop(account, NULL) == BUS_OK && chdir(path) == 0 && access(".", R_OK | W_OK | X_OK) == 0
                  ? 0
                  : 1);
    int status = 1;
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static enum bus_status folder_elsewhere(const char *dir, const struct place_account *account,
                                        struct bus_error *err)
{
    char other[] = "/var/tmp/koppel-XXXXXX";
    if (rmdir(dir) < 0)
        return bus_fail(err, BUS_DENIED,
                        "the account %s cannot reach %s: name a folder it can reach with --dir",
                        account->name, dir);
    if (!mkdtemp(other))
        return bus_fail(err, BUS_DENIED,
                        "the account %s cannot reach %s, and no folder can be made under /var/tmp: %s",
                        account->name, dir, strerror(errno));
    int folder = open(other, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    bool given = folder >= 0 && fchown(folder, account->uid, account->gid) == 0;
    if (folder >= 0)
        close(folder);
    if (!given || symlink(other, dir) < 0)
        return bus_fail(err, BUS_DENIED, "%s cannot become a link to %s: %s", dir, other, strerror(errno));
    if (!account_reaches(account, other))
        return bus_fail(err, BUS_DENIED,
                        "the account %s can reach neither %s nor /var/tmp: name a folder it can reach "
                        "with --dir",
                        account->name, dir);
    return BUS_OK;
}

static enum bus_status prepare_as_root(const char *dir, int folder, const struct stat *st,
                                       enum content content, struct place_account *ret, struct bus_error *err)
{
    enum bus_status status = account_choose(dir, st, ret, err);
    if (status != BUS_OK)
        return status;
    if (st->st_uid == 0 && content == CONTENT_STACK)
        return bus_fail(err, BUS_DENIED, "%s belongs to root, as which Postgres does not run: chown -R %s it",
                        dir, ret->name);
    if (st->st_uid == 0 && fchown(folder, ret->uid, ret->gid) < 0)
        return bus_fail(err, BUS_DENIED, "%s cannot be given to the account %s: %s", dir, ret->name,
                        strerror(errno));
    if (account_reaches(ret, dir))
        return BUS_OK;
    if (content == CONTENT_STACK)
        return bus_fail(err, BUS_DENIED,
                        "the account %s, whose stack this is, cannot reach %s: give it the right to "
                        "pass through the folders above",
                        ret->name, dir);
    return folder_elsewhere(dir, ret, err);
}

/* /var/tmp may have been emptied since: the link then leads nowhere, and the stack begins anew. */
static void stale_link_remove(const char *dir)
{
    char target[PATH_MAX];
    ssize_t n = readlink(dir, target, sizeof(target) - 1);
    if (n <= 0)
        return;
    target[n] = '\0';
    if (strncmp(target, "/var/tmp/koppel-", 16) == 0 && access(target, F_OK) < 0 && errno == ENOENT)
        unlink(dir);
}

/* A link is followed if we or root made it, as folder_elsewhere() does; somebody else's could lead anywhere.
 */
static int link_open(const char *dir)
{
    struct stat st;
    char target[PATH_MAX];
    int folder = -1, link = open(dir, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (link < 0)
        return -1;
    ssize_t n = readlinkat(link, "", target, sizeof(target) - 1);
    if (n < 0 || fstat(link, &st) < 0) {
        errno = ENOTDIR; /* no link at all */
    } else if (st.st_uid != 0 && st.st_uid != geteuid()) {
        errno = EPERM;
    } else {
        char path[PATH_MAX];
        target[n] = '\0';
        snprintf(path, sizeof(path), "%s", dir);
        int parent = open(dirname(path), O_PATH | O_DIRECTORY | O_CLOEXEC);
        folder = openat(parent, target, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (parent >= 0)
            close(parent);
    }
    int error = errno;
    close(link);
    errno = error;
    return folder;
}

static int folder_open(const char *dir)
{
    int folder = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return folder < 0 && (errno == ENOTDIR || errno == ELOOP) ? link_open(dir) : folder;
}

static enum bus_status folder_get(const char *dir, int *ret_folder, struct bus_error *err)
{
    stale_link_remove(dir);
    int folder = folder_open(dir);
    if (folder < 0 && errno == ENOENT)
        folder = folders_make(dir) < 0 && errno != EEXIST ? -1 : folder_open(dir);
    *ret_folder = folder;
    if (folder >= 0)
        return BUS_OK;
    if (errno == ENOTDIR)
        return bus_fail(err, BUS_CONFLICT, "%s is not a folder: name another with --dir", dir);
    if (errno == EPERM)
        return bus_fail(err, BUS_DENIED,
                        "%s is a link that somebody else made: name another folder with --dir", dir);
    if (errno == EACCES)
        return bus_fail(
            err, BUS_DENIED,
            "%s is closed to you: use the account that started the stack, or name another folder with --dir",
            dir);
    return bus_fail(err, BUS_DENIED, "the folder %s cannot be made: %s", dir, strerror(errno));
}

/* Closes it to others while it is empty, and gives it to the account where root asks. */
static enum bus_status folder_take(const char *dir, int folder, struct place_account *ret,
                                   struct bus_error *err)
{
    struct stat st;
    enum content content = folder_content(folder);
    if (fstat(folder, &st) < 0 || (geteuid() != 0 && st.st_uid != geteuid()))
        return bus_fail(err, BUS_DENIED, "%s belongs to somebody else: name another folder with --dir", dir);
    if (content == CONTENT_OTHER)
        return bus_fail(err, BUS_CONFLICT, "%s is neither empty nor a stack: name another folder with --dir",
                        dir);
    if (content == CONTENT_NONE && fchmod(folder, 0700) < 0)
        return bus_fail(err, BUS_DENIED, "%s cannot be closed to others: %s", dir, strerror(errno));
    return geteuid() == 0 ? prepare_as_root(dir, folder, &st, content, ret, err) : BUS_OK;
}

enum bus_status place_prepare(const char *wanted, struct place_account *ret_account, struct bus_error *err)
{
    char dir[PATH_MAX];
    size_t size = strlen(wanted);
    while (size > 1 && wanted[size - 1] == '/')
        size--; /* "var/stack/" cannot become a link */
    if (size == 0 || size >= sizeof(dir))
        return bus_fail(err, BUS_INVALID, "this is no path of a folder: name another with --dir");
    memcpy(dir, wanted, size);
    dir[size] = '\0';
    struct place_account account = {.uid = geteuid(), .gid = getegid()};
    int folder = -1;
    enum bus_status status = folder_get(dir, &folder, err);
    if (status == BUS_OK)
        status = folder_take(dir, folder, &account, err);
    if (folder >= 0)
        close(folder);
    if (status == BUS_OK)
        *ret_account = account;
    return status;
}

enum bus_status place_drop(const struct place_account *account, struct bus_error *err)
{
    if (!account->drop)
        return BUS_OK;
    if (initgroups(account->name, account->gid) < 0 || setgid(account->gid) < 0 || setuid(account->uid) < 0)
        return bus_fail(err, BUS_DENIED, "cannot become the account %s: %s", account->name, strerror(errno));
    if (account->uid == 0 || setuid(0) == 0)
        return bus_fail(err, BUS_BUG, "root was not given up");
    return BUS_OK;
}
