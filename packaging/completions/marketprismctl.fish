# Made by «make completions» from the tables of commands and options; changes belong there.

# Whether the words before the cursor lead to this beginning of a command.
function __marketprismctl_at
    set -l command
    set -l before
    for word in (commandline -opc)[2..-1]
        if contains -- "$before" --socket --fragment --completion --timeout
            set before
            continue
        end
        set before $word
        string match -q -- '-*' $word; and continue
        test "$word" = json; and continue
        if contains -- (string trim "$command $word") 'help' 'version' 'quit' 'prompt' 'health' 'status' 'stats' 'watch' 'wait' 'nats' 'nats status' 'nats optional' 'nats required' 'nats reset' 'nats reconnect' 'exchange' 'exchange list' 'exchange show' 'exchange pause' 'exchange resume' 'exchange reconnect' 'book' 'book list' 'book show' 'book verify' 'book resync' 'config' 'config show' 'config source' 'config schema' 'config check' 'config diff' 'reload' 'confirm' 'rollback' 'history' 'overrides' 'overrides clear' 'log' 'log level' 'drain' 'undrain' 'shutdown' 'top'
            set command (string trim "$command $word")
        end
    end
    test "$command" = "$argv[1]"
end

# Whether the word before the cursor asks for a value of which nothing is known.
function __marketprismctl_value
    contains -- (commandline -opc)[-1] for --for reason --reason if-generation --if-generation confirm-within --confirm-within --timeout
end

complete -c marketprismctl -f
complete -c marketprismctl -l json -d 'print the reply as one JSON object'
complete -c marketprismctl -l socket -r -F -d 'the collector'\''s socket; else the variable MARKETPRISM_SOCKET, else /run/marketprism/collector.sock'
complete -c marketprismctl -l timeout -x -d 'the most it may take in all, such as 25, 25s or 2m; without it as long as the collector shows signs of life'
complete -c marketprismctl -l fail-degraded -d 'exit with 5 when the collector is degraded or not ready, although the command was done'
complete -c marketprismctl -l completion -x -a 'bash zsh fish' -d 'print the completion for bash, zsh or fish'
complete -c marketprismctl -l help -d 'explain the tool, or the commands that begin so'
complete -c marketprismctl -l version -d 'print the version of this tool'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a help -d 'list the commands, or explain those that begin so'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a version -d 'name the running version'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a quit -d 'end the connection'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a prompt -d 'make the connection interactive: a prompt after each reply'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a health -d 'the health checks, a line each'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a status -d 'collector, exchanges, NATS, books and settings at a glance'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a stats -d 'all counters and gauges; prometheus: in the text format of /metrics'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a watch -d 'a line each time health changes, something happens to the collector, or a second of rates is over'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a wait -d 'return as soon as it holds; 504 when the seconds are over'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a nats -d 'status, optional, required, reset, reconnect'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a exchange -d 'list, show, pause, resume, reconnect'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a book -d 'list, show, verify, resync'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a config -d 'show, source, schema, check, diff'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a reload -d 'read the settings again and apply what changed, all or nothing'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a confirm -d 'keep what reload confirm-within applied'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a rollback -d 'return to the settings of the generation before'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a history -d 'the latest reloads: when, by whom, with what outcome'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a overrides -d 'what was changed at run time, by whom, when, why and until when'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a log -d 'level'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a drain -d 'close the exchange connections, deliver what waits, and be not ready'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a undrain -d 'collect again after drain'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a shutdown -d 'end the collector as SIGTERM does'
complete -c marketprismctl -n "__marketprismctl_at ''; and not __marketprismctl_value" -a top -d 'a live screen: sessions, rates, lag, gaps, books, NATS and health; q ends it'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a help -d 'list the commands, or explain those that begin so'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a version -d 'name the running version'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a quit -d 'end the connection'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a prompt -d 'make the connection interactive: a prompt after each reply'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a health -d 'the health checks, a line each'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a status -d 'collector, exchanges, NATS, books and settings at a glance'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a stats -d 'all counters and gauges; prometheus: in the text format of /metrics'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a watch -d 'a line each time health changes, something happens to the collector, or a second of rates is over'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a wait -d 'return as soon as it holds; 504 when the seconds are over'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a nats -d 'status, optional, required, reset, reconnect'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a exchange -d 'list, show, pause, resume, reconnect'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a book -d 'list, show, verify, resync'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a config -d 'show, source, schema, check, diff'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a reload -d 'read the settings again and apply what changed, all or nothing'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a confirm -d 'keep what reload confirm-within applied'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a rollback -d 'return to the settings of the generation before'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a history -d 'the latest reloads: when, by whom, with what outcome'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a overrides -d 'what was changed at run time, by whom, when, why and until when'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a log -d 'level'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a drain -d 'close the exchange connections, deliver what waits, and be not ready'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a undrain -d 'collect again after drain'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a shutdown -d 'end the collector as SIGTERM does'
complete -c marketprismctl -n "__marketprismctl_at 'help'; and not __marketprismctl_value" -a top -d 'a live screen: sessions, rates, lag, gaps, books, NATS and health; q ends it'
complete -c marketprismctl -n "__marketprismctl_at 'health'; and not __marketprismctl_value" -a live
complete -c marketprismctl -n "__marketprismctl_at 'health'; and not __marketprismctl_value" -a ready
complete -c marketprismctl -n "__marketprismctl_at 'health'" -l nagios -d 'one line and the exit status of a Nagios plugin: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN'
complete -c marketprismctl -n "__marketprismctl_at 'stats'; and not __marketprismctl_value" -a prometheus
complete -c marketprismctl -n "__marketprismctl_at 'watch'; and not __marketprismctl_value" -a health
complete -c marketprismctl -n "__marketprismctl_at 'watch'; and not __marketprismctl_value" -a events
complete -c marketprismctl -n "__marketprismctl_at 'watch'; and not __marketprismctl_value" -a rates
complete -c marketprismctl -n "__marketprismctl_at 'wait'; and not __marketprismctl_value" -a ready
complete -c marketprismctl -n "__marketprismctl_at 'wait'; and not __marketprismctl_value" -a connected
complete -c marketprismctl -n "__marketprismctl_at 'wait'; and not __marketprismctl_value" -a drained
complete -c marketprismctl -n "__marketprismctl_at 'nats'; and not __marketprismctl_value" -a status -d 'state of the NATS link, its policy and where that comes from'
complete -c marketprismctl -n "__marketprismctl_at 'nats'; and not __marketprismctl_value" -a optional -d 'go on without NATS from now on'
complete -c marketprismctl -n "__marketprismctl_at 'nats'; and not __marketprismctl_value" -a required -d 'be ready only with NATS from now on; force does it although NATS is down'
complete -c marketprismctl -n "__marketprismctl_at 'nats'; and not __marketprismctl_value" -a reset -d 'return to the configured NATS policy'
complete -c marketprismctl -n "__marketprismctl_at 'nats'; and not __marketprismctl_value" -a reconnect -d 'have what was published confirmed, drop the link and dial again'
complete -c marketprismctl -n "__marketprismctl_at 'nats optional'; and not __marketprismctl_value" -a force
complete -c marketprismctl -n "__marketprismctl_at 'nats optional'; and not __marketprismctl_value" -a for -d 'followed by DURATION'
complete -c marketprismctl -n "__marketprismctl_at 'nats optional'; and not __marketprismctl_value" -a reason -d 'followed by TEXT'
complete -c marketprismctl -n "__marketprismctl_at 'nats optional'" -l force
complete -c marketprismctl -n "__marketprismctl_at 'nats optional'" -l for -x -d 'followed by DURATION'
complete -c marketprismctl -n "__marketprismctl_at 'nats optional'" -l reason -x -d 'followed by TEXT'
complete -c marketprismctl -n "__marketprismctl_at 'nats required'; and not __marketprismctl_value" -a force
complete -c marketprismctl -n "__marketprismctl_at 'nats required'; and not __marketprismctl_value" -a for -d 'followed by DURATION'
complete -c marketprismctl -n "__marketprismctl_at 'nats required'; and not __marketprismctl_value" -a reason -d 'followed by TEXT'
complete -c marketprismctl -n "__marketprismctl_at 'nats required'" -l force
complete -c marketprismctl -n "__marketprismctl_at 'nats required'" -l for -x -d 'followed by DURATION'
complete -c marketprismctl -n "__marketprismctl_at 'nats required'" -l reason -x -d 'followed by TEXT'
complete -c marketprismctl -n "__marketprismctl_at 'exchange'; and not __marketprismctl_value" -a list -d 'exchanges and their sessions'
complete -c marketprismctl -n "__marketprismctl_at 'exchange'; and not __marketprismctl_value" -a show -d 'one entry of exchanges with its sessions, symbols and books'
complete -c marketprismctl -n "__marketprismctl_at 'exchange'; and not __marketprismctl_value" -a pause -d 'close the connections of an entry and keep them closed until resumed'
complete -c marketprismctl -n "__marketprismctl_at 'exchange'; and not __marketprismctl_value" -a resume -d 'connect a paused entry again'
complete -c marketprismctl -n "__marketprismctl_at 'exchange'; and not __marketprismctl_value" -a reconnect -d 'drop the connections of an entry and dial again'
complete -c marketprismctl -n "__marketprismctl_at 'exchange pause'; and not __marketprismctl_value" -a for -d 'followed by DURATION'
complete -c marketprismctl -n "__marketprismctl_at 'exchange pause'; and not __marketprismctl_value" -a reason -d 'followed by TEXT'
complete -c marketprismctl -n "__marketprismctl_at 'exchange pause'" -l for -x -d 'followed by DURATION'
complete -c marketprismctl -n "__marketprismctl_at 'exchange pause'" -l reason -x -d 'followed by TEXT'
complete -c marketprismctl -n "__marketprismctl_at 'book'; and not __marketprismctl_value" -a list -d 'order books and whether they are synchronised'
complete -c marketprismctl -n "__marketprismctl_at 'book'; and not __marketprismctl_value" -a show -d 'the best levels of one order book'
complete -c marketprismctl -n "__marketprismctl_at 'book'; and not __marketprismctl_value" -a verify -d 'compare one order book with a fresh snapshot of the exchange'
complete -c marketprismctl -n "__marketprismctl_at 'book'; and not __marketprismctl_value" -a resync -d 'throw one order book away and build it from a fresh snapshot'
complete -c marketprismctl -n "__marketprismctl_at 'config'; and not __marketprismctl_value" -a show -d 'the settings in force, secrets hidden'
complete -c marketprismctl -n "__marketprismctl_at 'config'; and not __marketprismctl_value" -a source -d 'the file and line, environment variable or override a value comes from'
complete -c marketprismctl -n "__marketprismctl_at 'config'; and not __marketprismctl_value" -a schema -d 'the JSON Schema of the configuration'
complete -c marketprismctl -n "__marketprismctl_at 'config'; and not __marketprismctl_value" -a check -d 'validate the files, or the payload as one more drop-in, and change nothing'
complete -c marketprismctl -n "__marketprismctl_at 'config'; and not __marketprismctl_value" -a diff -d 'what a reload would change and how: hot, rebuild or restart'
complete -c marketprismctl -n "__marketprismctl_at 'config check'" -l fragment -r -F -d 'lay this file over the configuration as one more drop-in; "-" is standard input'
complete -c marketprismctl -n "__marketprismctl_at 'config diff'" -l fragment -r -F -d 'lay this file over the configuration as one more drop-in; "-" is standard input'
complete -c marketprismctl -n "__marketprismctl_at 'reload'; and not __marketprismctl_value" -a dry-run
complete -c marketprismctl -n "__marketprismctl_at 'reload'; and not __marketprismctl_value" -a if-generation -d 'followed by N'
complete -c marketprismctl -n "__marketprismctl_at 'reload'; and not __marketprismctl_value" -a confirm-within -d 'followed by DURATION'
complete -c marketprismctl -n "__marketprismctl_at 'reload'; and not __marketprismctl_value" -a allow-pending
complete -c marketprismctl -n "__marketprismctl_at 'reload'" -l dry-run
complete -c marketprismctl -n "__marketprismctl_at 'reload'" -l if-generation -x -d 'followed by N'
complete -c marketprismctl -n "__marketprismctl_at 'reload'" -l confirm-within -x -d 'followed by DURATION'
complete -c marketprismctl -n "__marketprismctl_at 'reload'" -l allow-pending
complete -c marketprismctl -n "__marketprismctl_at 'overrides'; and not __marketprismctl_value" -a clear -d 'return to the configured value of one key or of all'
complete -c marketprismctl -n "__marketprismctl_at 'log'; and not __marketprismctl_value" -a level -d 'change the log level of everything or of one label'
complete -c marketprismctl -n "__marketprismctl_at 'log level'; and not __marketprismctl_value" -a trace
complete -c marketprismctl -n "__marketprismctl_at 'log level'; and not __marketprismctl_value" -a debug
complete -c marketprismctl -n "__marketprismctl_at 'log level'; and not __marketprismctl_value" -a info
complete -c marketprismctl -n "__marketprismctl_at 'log level'; and not __marketprismctl_value" -a notice
complete -c marketprismctl -n "__marketprismctl_at 'log level'; and not __marketprismctl_value" -a warning
complete -c marketprismctl -n "__marketprismctl_at 'log level'; and not __marketprismctl_value" -a error
complete -c marketprismctl -n "__marketprismctl_at 'log level'; and not __marketprismctl_value" -a critical
complete -c marketprismctl -n "__marketprismctl_at 'log level'; and not __marketprismctl_value" -a for -d 'followed by DURATION'
complete -c marketprismctl -n "__marketprismctl_at 'log level'" -l for -x -d 'followed by DURATION'
