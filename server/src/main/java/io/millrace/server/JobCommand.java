package io.millrace.server;

import picocli.CommandLine.Command;

/** Groups what can be done to a job. */
@Command(
        name = "job",
        description = "What can be done to a job that is not running.",
        subcommands = JobResetCommand.class,
        synopsisSubcommandLabel = "COMMAND")
final class JobCommand {}
