#!/usr/bin/perl
# Starts processes for a runner. Perl, because forking it costs a fraction of forking node, and it is everywhere.
#
#   launcher.pl SETSID     the number of that system call; without it POSIX.pm is loaded, and a job costs a seventh more
#
# Orders, on standard input: four bytes of length, then fields that NUL separates:
#   ID MODE DIRECTORY STDOUT STDERR COMMAND NAME=VALUE...     MODE: `>` or `>>`; DIRECTORY: '' for the present one
# Reports, on standard output, a line each:
#   ID started PID | ID ended STATUS (as wait(2) has it) | ID unstartable REASON
# At the end of the input it ends; what it has started goes on.
use strict;
use warnings;
use Errno qw(EINTR);
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);

my $WNOHANG = 1;
my ($setsid) = @ARGV;
require POSIX unless defined $setsid;

my $runner = getppid;
open my $reports, '>&', \*STDOUT or die "launcher.pl: $!\n";
# Whoever has started this one ends jobs, and then this one.
my @SPARED = qw(INT TERM HUP);
$SIG{$_} = 'IGNORE' for @SPARED;
# A child that ends while nobody waits in select is seen there all the same.
pipe my $ends, my $ended or die "launcher.pl: $!\n";
fcntl $_, F_SETFL, fcntl($_, F_GETFL, 0) | O_NONBLOCK for $ends, $ended;
$SIG{CHLD} = sub { local $!; syswrite $ended, '.' };

my %id_of;
my $text = '';
my $awaited = '';
vec($awaited, fileno $_, 1) = 1 for *STDIN, $ends;
for (;;) {
    next if select(my $due = $awaited, undef, undef, undef) < 0;
    if (vec $due, fileno $ends, 1) {
        sysread $ends, my $dots, 4096;
        report_ended();
    }
    next unless vec $due, fileno STDIN, 1;
    my $read = sysread STDIN, my $part, 65536;
    next if !defined $read && $!{EINTR};
    exit 0 unless $read;
    $text .= $part;
    while (defined(my $order = next_order())) {
        # What a runner has ordered before it died is for its successor to decide about.
        exit 0 if getppid != $runner;
        start(split /\0/, $order, -1);
    }
}

sub next_order {
    return undef if length $text < 4;
    my $length = unpack 'N', $text;
    return undef if length $text < 4 + $length;
    my $order = substr $text, 4, $length;
    substr $text, 0, 4 + $length, '';
    return $order;
}

sub start {
    my ($id, @order) = @_;
    my $pid = fork;
    if    (!defined $pid) { report($id, "unstartable fork: $!") }
    elsif ($pid)          { $id_of{$pid} = $id }
    else                  { become($id, @order) }
}

# In the child: a session of its own, so that signals reach all that the job has started, and Ctrl-C only the runner.
sub become {
    my ($id, $mode, $directory, $stdout, $stderr, $command, @environment) = @_;
    $SIG{$_} = 'DEFAULT' for @SPARED, 'CHLD';
    defined $setsid ? syscall $setsid : POSIX::setsid();
    open STDIN,  '<',   '/dev/null' or refuse($id, '/dev/null');
    open STDOUT, $mode, $stdout     or refuse($id, $stdout);
    open STDERR, $mode, $stderr     or refuse($id, $stderr);
    # After the files, whose names are the runner's.
    if ($directory ne '' && !chdir $directory) { refuse($id, $directory) }
    # Only now is there a group to send signals to.
    report($id, "started $$");
    /\A([^=]+)=(.*)\z/s and $ENV{$1} = $2 for @environment;
    no warnings 'exec';
    exec { 'bash' } 'bash', '-c', $command;
    print STDERR "bash: $!\n";
    exit 127;
}

sub refuse {
    my ($id, $file) = @_;
    (my $reason = "$file: $!") =~ tr/\n/ /;
    report($id, "unstartable $reason");
    exit 1;
}

sub report_ended {
    while ((my $pid = waitpid -1, $WNOHANG) > 0) {
        my $id = delete $id_of{$pid};
        report($id, "ended $?") if defined $id;
    }
}

# Shorter than what a pipe takes at once, so that lines of several processes do not mix.
sub report {
    my ($id, $what) = @_;
    syswrite $reports, substr("$id $what", 0, 4000) . "\n";
}
