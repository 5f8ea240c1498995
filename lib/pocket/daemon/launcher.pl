#!/usr/bin/perl
# Starts processes for the daemon. Perl, because forking it costs a hundredth of forking node, and it is everywhere.
#
#   launcher.pl start FOLDER NODE MAIN            becomes the daemon (NODE MAIN FOLDER), unless one is there
#   launcher.pl serve FOLDER NODE MAIN [CGROUP]   forks a supervisor for each order on standard input
#
# Files in the state folder:
#   daemon.lock     locked by the daemon for as long as it lives; holds its process id
#   launcher.lock   locked by the launcher and by supervisors that have not yet claimed their run
#   wake            a FIFO; only the daemon reads it, so that nobody can open it for writing when there is none
#   runs/RUN        a symbolic link made by the run's supervisor before anything else: its target is `PID:STARTTIME`.
#                   Making a link is atomic and fails when it is there, so no run is started twice.
#   runs/RUN.oom    made by the daemon before it kills a run for want of memory
#   runs/RUN.end    a link as well, to `CODE:SIGNAL:OOM:RSS:FAILED`; its own time is the end
#   stopped         present when no daemon is wanted
use strict;
use warnings;
use Errno qw(ENXIO ENOENT EACCES EEXIST EAGAIN);
use Fcntl qw(LOCK_EX LOCK_NB O_WRONLY O_NONBLOCK O_RDWR O_CREAT O_RDONLY O_APPEND O_TRUNC F_SETFD);
use POSIX ();

# Not in POSIX.pm: numbers of prctl and getrusage.
my %SYSTEM_CALLS = (
    x86_64  => [157, 98],
    aarch64 => [167, 165],
    riscv64 => [167, 165],
    ppc64le => [171, 77],
    s390x   => [172, 77],
);
my ($PRCTL, $GETRUSAGE) = @{ $SYSTEM_CALLS{ (POSIX::uname())[4] } || [] };
my $PR_SET_CHILD_SUBREAPER = 36;
my $RUSAGE_CHILDREN = -1;
my @KEPT = qw(PATH HOME USER LOGNAME SHELL LANG LC_ALL TZ TMPDIR XDG_RUNTIME_DIR);

my ($verb, $folder, $node, $main, $cgroup) = @ARGV;
umask 077;
if    ($verb eq 'start') { start() }
elsif ($verb eq 'serve') { serve() }
else                     { die "launcher.pl: no such verb: $verb\n" }

# The daemon must outlive whoever needs it, even a job whose handler does, and take nothing of it along.
sub start {
    chdir '/';
    POSIX::setsid();
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
    my $current = '';
    while (defined(my $order = next_order())) {
        exit 0 if $order eq '';    # the daemon takes its leave
        my @fields = split /\0/, $order, -1;
        if ($fields[1] ne $current) {
            $current = $fields[1];
            %ENV = environment_in($current);
        }
        my $child;
        until (defined($child = fork)) { select undef, undef, undef, 0.1 }
        next if $child;
        supervise($lock, @fields);
        POSIX::_exit(0);
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
    my ($lock, $run, undef, $script, $directory, $umask, $input, $output, $error, $mode, $memory, $count, @rest) = @_;
    $SIG{CHLD} = 'DEFAULT';
    POSIX::setsid();
    # Whatever the run starts and loses becomes our child, so that all of it is below this process.
    syscall $PRCTL, $PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0 if $PRCTL;
    unless (symlink identity(), "$folder/runs/$run") {
        tell_daemon("unclaimed $run $!\n") unless $! == EEXIST;
        return;
    }
    close $lock;
    my @arguments = splice @rest, 0, $count;
    umask oct $umask;
    my $group = cgroup_for($run, $memory);
    my $opened = open_files($directory, $input, $output, $error, $mode);
    my ($status, $failed) = $opened ? (run_script($group, $script, \@arguments, \@rest), 0) : (53, 1);
    umask 077;
    my $killed = oom_kills($group, $run);
    (my $raw = $run) =~ s/\..*//;
    print STDERR "slurmstepd: error: Detected $killed oom-kill event(s) in StepId=$raw.batch."
        . " Some of your processes may have been killed by the cgroup out-of-memory handler.\n" if $killed;
    my $code = $failed ? 0 : $status >> 8;
    my $signal = $failed ? 53 : $status & 127;
    my $record = join ':', $code, $signal, $killed ? 1 : 0, children_peak(), $failed;
    # A full disk may have room again.
    until (symlink($record, "$folder/runs/$run.end") || $! == EEXIST || $! == ENOENT) { sleep 1 }
    if ($group) { rmdir for glob("$group.step*"), $group }
    return if tell_daemon("ended $run\n") || -e "$folder/stopped" || !-d "$folder/runs";
    exec { $^X } $^X, $0, 'start', $folder, $node, $main;
}

# Process ids come again; with the time of its start (in clock ticks since boot) one is unmistakable.
sub identity {
    open my $file, '<', '/proc/self/stat' or return "$$:0";
    my ($rest) = <$file> =~ /.*\) (.*)/s;
    return "$$:" . (split ' ', $rest)[19];
}

sub open_files {
    my ($directory, $input, $output, $error, $mode) = @_;
    my $how = O_WRONLY | O_CREAT | O_APPEND | ($mode eq 'truncate' ? O_TRUNC : 0);
    my $missing = chdir $directory ? 0 : $!;
    reopen(0, $input, O_RDONLY) or return 0;
    reopen(1, $output, $how) or return 0;
    if ($error eq '') { defined POSIX::dup2(1, 2) or return 0 }
    else              { reopen(2, $error, $how) or return 0 }
    return $missing ? elsewhere($directory, $missing) : 1;
}

# A working folder that is not there fails no job whose files have a place. slurmstepd says it twice.
sub elsewhere {
    my ($directory, $reason) = @_;
    my $line = "slurmstepd: error: couldn't chdir to `$directory': $reason: going to /tmp instead\n";
    print STDERR $line, $line;
    return chdir '/tmp';
}

# All writes go to the end of the file, ours and the daemon's messages as well.
sub reopen {
    my ($descriptor, $path, $how) = @_;
    my $opened = POSIX::open($path, $how, 0666);
    return 0 unless defined $opened;
    return 1 if $opened == $descriptor;
    POSIX::dup2($opened, $descriptor);
    POSIX::close($opened);
    return 1;
}

sub run_script {
    my ($group, $script, $arguments, $environment) = @_;
    my $child;
    until (defined($child = fork)) { select undef, undef, undef, 0.1 }
    exec_script($group, $script, $arguments, $environment) unless $child;
    # The output may be a pipe whose reader waits for its end; messages still need the other one.
    POSIX::close($_) for 0, 1;
    my ($ended, $status);
    do { $ended = waitpid -1, 0; $status = $? if $ended == $child } until $ended == $child || $ended < 0;
    end_rest();
    return $status;
}

sub exec_script {
    my ($group, $script, $arguments, $environment) = @_;
    setpgrp 0, 0;
    if ($group && open my $members, '>', "$group/cgroup.procs") { syswrite $members, '0' }
    /\A([^=]+)=(.*)\z/s and $ENV{$1} = $2 for @$environment;
    $ENV{SLURM_TASK_PID} = $$;
    $ENV{AFTEROK_POCKET_CGROUP} = $group if $group;
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
    POSIX::_exit($errno);
}

# What a batch script leaves behind ends with it. Mostly there is nothing, which one call tells.
sub end_rest {
    while (waitpid(-1, POSIX::WNOHANG()) >= 0) {
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

# A control group of the run's own, where this machine lets us have one; '' where not.
sub cgroup_for {
    my ($run, $memory) = @_;
    return '' unless defined $cgroup && $memory ne '';
    my $group = "$cgroup/$run";
    # The one above is removed by whoever finds it empty.
    mkdir $group or $! == EEXIST or mkdir $cgroup and mkdir $group or return '';
    # Where commands of the run go (bin/pocket): they are no part of its memory.
    mkdir "$cgroup/programs";
    my $version2 = -e "$group/memory.max";
    write_to("$group/" . ($version2 ? 'memory.max' : 'memory.limit_in_bytes'), $memory) or return '';
    # Without swap accounting in the kernel these are not there.
    if   ($version2) { write_to("$group/memory.swap.max", 0) }
    else             { write_to("$group/memory.memsw.limit_in_bytes", $memory) }
    return $group;
}

sub write_to {
    my ($path, $value) = @_;
    sysopen my $file, $path, O_WRONLY or return 0;
    return defined syswrite $file, $value;
}

sub oom_kills {
    my ($group, $run) = @_;
    return 1 if -l "$folder/runs/$run.oom";
    return 0 unless $group;
    for my $name ('memory.oom_control', 'memory.events') {
        open my $file, '<', "$group/$name" or next;
        while (<$file>) { return $1 if /\Aoom_kill (\d+)/ }
    }
    return 0;
}

# Bytes of the largest process that the run has had; '' where the number of the call is not known.
sub children_peak {
    return '' unless $GETRUSAGE;
    my $usage = "\0" x 144;
    return '' if syscall($GETRUSAGE, $RUSAGE_CHILDREN, $usage) != 0;
    return 1024 * (unpack 'l!8', $usage)[4];
}
