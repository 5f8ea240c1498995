#!/usr/bin/perl
# Starts processes for the daemon. Perl, because forking it costs a hundredth of forking node, and it is everywhere.
#
#   launcher.pl start FOLDER NODE MAIN            becomes the daemon (NODE MAIN FOLDER), unless one is there
#   launcher.pl serve FOLDER NODE MAIN ARCH       forks a supervisor for each order on standard input
#
# What a run costs is mostly the size of the process that forks: nothing is loaded here that is not needed.
#
# Files in the state folder:
#   daemon.lock     locked by the daemon for as long as it lives; holds its process id until nothing is left to do
#   launcher.lock   locked by the launcher and by supervisors that have not yet claimed their run
#   wake            a FIFO; only the daemon reads it, so that nobody can open it for writing when there is none
#   runs/N.log      to which supervisors append lines, each with one write: `RUN by PID:STARTTIME;` before anything
#                   else, and `RUN ended CODE:SIGNAL:OOM:RSS:FAILED:TIME;`. A line that a full disk has cut off counts
#                   as none, and spoils none: every write begins with a newline as well.
#   runs/RUN.oom    made by the daemon before it kills a run for want of memory
#   stopped         present when no daemon is wanted
use strict;
use warnings;
no warnings 'io';    # that a file has the number of a standard handle that was closed
use Errno qw(ENXIO ENOENT EACCES EAGAIN);
use Fcntl qw(LOCK_EX LOCK_NB O_WRONLY O_NONBLOCK O_RDWR O_CREAT O_RDONLY O_APPEND O_TRUNC F_SETFD);

# Numbers of system calls, by node's name of the architecture. POSIX.pm has some of them, and doubles this process.
my @CALLS = qw(prctl getrusage setsid exit_group clock_gettime);
my %NUMBERS = (
    x64     => [157, 98,  112, 231, 228],
    arm64   => [167, 165, 157, 94,  113],
    riscv64 => [167, 165, 157, 94,  113],
    ppc64   => [171, 77,  66,  234, 246],
    s390x   => [172, 77,  66,  248, 260],
);
my $PR_SET_CHILD_SUBREAPER = 36;
my $RUSAGE_CHILDREN = -1;
my $CLOCK_REALTIME = 0;
my $WNOHANG = 1;
my @KEPT = qw(PATH HOME USER LOGNAME SHELL LANG LC_ALL TZ TMPDIR XDG_RUNTIME_DIR);

my ($verb, $folder, $node, $main, $arch) = @ARGV;
my %call;
@call{@CALLS} = @{ $NUMBERS{ $arch // '' } || [] };
require POSIX unless defined $call{setsid};
umask 077;
if    ($verb eq 'start') { start() }
elsif ($verb eq 'serve') { serve() }
else                     { die "launcher.pl: no such verb: $verb\n" }

# The daemon must outlive whoever needs it, even a job whose handler does, and take nothing of it along.
sub start {
    chdir '/';
    new_session();
    %ENV = map { exists $ENV{$_} ? ($_ => $ENV{$_}) : () } @KEPT, grep { /^AFTEROK_(POCKET|TIME)_/ } keys %ENV;
    open STDIN,  '<',  '/dev/null';
    open STDOUT, '>>', "$folder/daemon.log" or die "$folder/daemon.log: $!\n";
    open STDERR, '>&', \*STDOUT;
    unlink "$folder/stopped";
    sysopen my $lock, "$folder/daemon.lock", O_RDWR | O_CREAT or die "$folder/daemon.lock: $!\n";
    # Whoever has the lock is beginning, working (and then it hears us) or ending.
    my $patience = 2000;
    until (flock $lock, LOCK_EX | LOCK_NB) {
        exit 0 if tell_daemon("wake\n") || !$patience--;
        select undef, undef, undef, 0.005;
    }
    truncate $lock, 0;
    syswrite $lock, "$$\n";
    POSIX::mkfifo("$folder/wake", 0600) unless -p "$folder/wake";
    fcntl $lock, F_SETFD, 0;
    exec { $node } $node, $main, $folder or die "$node: $!\n";
}

# False when there is no daemon. A full pipe is as good: then the daemon has enough to wake for.
sub tell_daemon {
    sysopen my $wake, "$folder/wake", O_WRONLY | O_NONBLOCK or return 0;
    local $SIG{PIPE} = 'IGNORE';
    return defined syswrite($wake, $_[0]) || $! == EAGAIN;
}

sub serve {
    sysopen my $lock, "$folder/launcher.lock", O_RDWR | O_CREAT or die "$folder/launcher.lock: $!\n";
    # An earlier launcher carries out the orders that it has; until then nobody can say which runs it will start.
    flock $lock, LOCK_EX or die "$folder/launcher.lock: $!\n";
    syswrite STDOUT, "ready\n";
    $SIG{CHLD} = 'IGNORE';
    my ($environment, $name, $log) = ('', '');
    while (defined(my $order = next_order())) {
        exit 0 if $order eq '';    # the daemon takes its leave
        my @fields = split /\0/, $order, -1;
        my $other_log = shift @fields;
        if ($other_log ne $name) {
            $name = $other_log;
            open $log, '>>', "$folder/runs/$name" or die "$folder/runs/$name: $!\n";
        }
        my $other_environment = shift @fields;
        if ($other_environment ne $environment) {
            $environment = $other_environment;
            %ENV = environment_in($environment);
        }
        my $child;
        until (defined($child = fork)) { select undef, undef, undef, 0.1 }
        next if $child;
        supervise($lock, $log, @fields);
        leave(0);
    }
    close $lock;
    exec { $^X } $^X, $0, 'start', $folder, $node, $main unless -e "$folder/stopped";
}

# Four bytes of length, then so much; undef at the end of the input.
my $buffer;
sub next_order {
    $buffer = '' unless defined $buffer;
    while (length $buffer < 4 || length $buffer < 4 + unpack 'N', $buffer) {
        my $read = sysread STDIN, $buffer, 65536, length $buffer;
        next if !defined $read && $!{EINTR};
        return undef unless $read;
    }
    my $length = unpack 'N', $buffer;
    my $order = substr $buffer, 4, $length;
    substr $buffer, 0, 4 + $length, '';
    return $order;
}

sub environment_in {
    my ($path) = @_;
    open my $file, '<', $path or return ();
    local $/;
    return map { /\A([^=]+)=(.*)\z/s ? ($1 => $2) : () } split /\0/, <$file>;
}

# One process for each run: claims it, starts its batch script, and writes down how it ended, whoever else is gone.
sub supervise {
    my ($lock, $log, $run, $script, $directory, $umask, $input, $output, $error, $mode, $group, $count, @rest) = @_;
    $SIG{CHLD} = 'DEFAULT';
    new_session();
    # Whatever the run starts and loses becomes our child, so that all of it is below this process.
    syscall $call{prctl}, $PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0 if $call{prctl};
    # Nobody else can have claimed it: who is told to start it has waited for the lock that we still hold.
    unless (note($log, "$run by " . identity())) {
        tell_daemon("unclaimed $run\n");
        return;
    }
    close $lock;
    my @arguments = splice @rest, 0, $count;
    umask oct $umask;
    my $opened = open_files($directory, $input, $output, $error, $mode);
    my ($status, $failed) = $opened ? (run_script($group, $script, \@arguments, \@rest), 0) : (53, 1);
    umask 077;
    my $killed = oom_kills($group, $run);
    (my $raw = $run) =~ s/\..*//;
    print STDERR "slurmstepd: error: Detected $killed oom-kill event(s) in StepId=$raw.batch."
        . " Some of your processes may have been killed by the cgroup out-of-memory handler.\n" if $killed;
    my $code = $failed ? 0 : $status >> 8;
    my $signal = $failed ? 53 : $status & 127;
    my $end = join ':', $code, $signal, $killed ? 1 : 0, children_peak(), $failed, milliseconds();
    # A full disk may have room again.
    sleep 1 until note($log, "$run ended $end");
    return if tell_daemon("ended $run\n");
    if ($group ne '') { rmdir $group and rmdir $group =~ s{/[^/]*\z}{}r }
    return if -e "$folder/stopped" || !-d "$folder/runs";
    exec { $^X } $^X, $0, 'start', $folder, $node, $main;
}

# False when not all of the line could be written.
sub note {
    my ($log, $line) = @_;
    my $text = "\n$line;\n";
    return (syswrite($log, $text) // 0) == length $text;
}

# Process ids come again; with the time of its start (in clock ticks since boot) one is unmistakable.
sub identity {
    sysopen my $file, '/proc/self/stat', O_RDONLY or return "$$:0";
    sysread $file, my $stat, 4096;
    return "$$:" . (split ' ', substr $stat, rindex($stat, ')') + 2)[19];
}

sub new_session {
    return defined $call{setsid} ? syscall $call{setsid} : POSIX::setsid();
}

# Without what Perl does at its end: that belongs to the process that has forked.
sub leave {
    my ($code) = @_;
    syscall $call{exit_group}, $code + 0 if $call{exit_group};
    POSIX::_exit($code);
}

# Since the epoch.
sub milliseconds {
    my $time = "\0" x 16;
    return time . '000' unless $call{clock_gettime} && syscall($call{clock_gettime}, $CLOCK_REALTIME, $time) == 0;
    my ($seconds, $nanoseconds) = unpack 'q2', $time;
    return $seconds * 1000 + int $nanoseconds / 1e6;
}

sub open_files {
    my ($directory, $input, $output, $error, $mode) = @_;
    # All writes go to the end of the file, ours and the daemon's messages as well.
    my $how = O_WRONLY | O_CREAT | O_APPEND | ($mode eq 'truncate' ? O_TRUNC : 0);
    my $missing = chdir $directory ? 0 : $!;
    # Each keeps its number: Perl opens the standard handles so.
    sysopen STDIN, $input, O_RDONLY or return 0;
    sysopen STDOUT, $output, $how, 0666 or return 0;
    if ($error eq '') { open STDERR, '>&', \*STDOUT or return 0 }
    else              { sysopen STDERR, $error, $how, 0666 or return 0 }
    return $missing ? elsewhere($directory, $missing) : 1;
}

# A working folder that is not there fails no job whose files have a place. slurmstepd says it twice.
sub elsewhere {
    my ($directory, $reason) = @_;
    my $line = "slurmstepd: error: couldn't chdir to `$directory': $reason: going to /tmp instead\n";
    print STDERR $line, $line;
    return chdir '/tmp';
}

sub run_script {
    my ($group, $script, $arguments, $environment) = @_;
    my $child;
    until (defined($child = fork)) { select undef, undef, undef, 0.1 }
    exec_script($group, $script, $arguments, $environment) unless $child;
    # The output may be a pipe whose reader waits for its end; messages still need the other one.
    close STDIN;
    close STDOUT;
    my ($ended, $status);
    do { $ended = waitpid -1, 0; $status = $? if $ended == $child } until $ended == $child || $ended < 0;
    end_rest();
    return $status;
}

sub exec_script {
    my ($group, $script, $arguments, $environment) = @_;
    setpgrp 0, 0;
    if ($group ne '' && sysopen my $members, "$group/cgroup.procs", O_WRONLY) {
        syswrite $members, '0';
        $ENV{AFTEROK_POCKET_CGROUP} = $group;
    }
    /\A([^=]+)=(.*)\z/s and $ENV{$1} = $2 for @$environment;
    $ENV{SLURM_TASK_PID} = $$;
    no warnings 'exec';
    exec { $script } $script, @$arguments;
    my $errno = $! + 0;
    open my $file, '<', $script;
    my ($interpreter, $option) = (readline($file) // '') =~ /\A#!\s*(\S+)(?:[ \t]+(.*\S))?/;
    # The state folder may be on a file system that executes nothing.
    if ($errno == EACCES && defined $interpreter) {
        exec { $interpreter } $interpreter, $option // (), $script, @$arguments;
        $errno = $! + 0;
    }
    my $what = defined $interpreter ? "bad interpreter($interpreter)" : $script;
    $! = $errno;
    print STDERR "slurmstepd: error: execve(): $what: $!\n";
    leave($errno);
}

# What a batch script leaves behind ends with it. Mostly there is nothing, which one call tells.
sub end_rest {
    while (waitpid(-1, $WNOHANG) >= 0) {
        kill 'KILL', children();
        select undef, undef, undef, 0.002;
    }
}

sub children {
    my @children;
    for my $stat (glob '/proc/[0-9]*/stat') {
        open my $file, '<', $stat or next;
        my $line = readline($file) // next;
        push @children, $1 if $line =~ /\A(\d+) .*\) \S (\d+) /s && $2 == $$;
    }
    return @children;
}

# The daemon hands out no group in which there has been one before.
sub oom_kills {
    my ($group, $run) = @_;
    return 1 if -e "$folder/runs/$run.oom";
    return 0 if $group eq '';
    for my $name ('memory.oom_control', 'memory.events') {
        sysopen my $file, "$group/$name", O_RDONLY or next;
        sysread $file, my $events, 4096;
        return $1 if $events =~ /^oom_kill (\d+)/m;
    }
    return 0;
}

# Bytes of the largest process that the run has had; '' where the number of the call is not known.
sub children_peak {
    return '' unless $call{getrusage};
    my $usage = "\0" x 144;
    return '' if syscall($call{getrusage}, $RUSAGE_CHILDREN, $usage) != 0;
    return 1024 * (unpack 'l!8', $usage)[4];
}
