# fish completion for morgue-indexer and morgue-query; installed under both names.

# Directories that are archives; where there are none, directories that may lead to one.
function __morgue_archives
    set -l begun (commandline -ct | string replace -r '^--[a-z-]*=' '')
    set -l found $begun*/catalog.db
    if set -q found[1]
        string replace -r '/catalog\.db$' \t'archive' $found
    else
        __fish_complete_directories $begun
    end
end

# The words before the cursor that are neither options nor their values nor the command.
function __morgue_named
    set -l words (commandline -opc)
    set -l valued -n -s -f -m -e -a --limit --offset --sort --dialect --today --batch --color --k1 --b --format --map --lang --errors --headline-weight --store --wait -j --jobs --memory --blocks --source --path --query --explain-score --archive
    test "$words[1]" = morgue-indexer; and set -a valued -l
    set -e words[1]
    contains -- "$words[1]" add remove update seal optimize verify rebuild snapshot stats dump show suggest search; and set -e words[1]
    while set -q words[1]
        if contains -- $words[1] $valued
            set -e words[1]
        else if not string match -q -- '-?*' $words[1]
            echo $words[1]
        end
        set -e words[1]
    end
end

function __morgue_unnamed
    not set -q MORGUE
    and not string match -q -r -- '^(-a|--archive)' (commandline -opc)
    and test (count (__morgue_named)) -eq 0
end

complete -c morgue-indexer -f
complete -c morgue-indexer -n __fish_use_subcommand -a add -d 'add articles to an archive'
complete -c morgue-indexer -n __fish_use_subcommand -a update -d 'add what is new where articles came from'
complete -c morgue-indexer -n __fish_use_subcommand -a seal -d 'move the newest articles into a segment'
complete -c morgue-indexer -n __fish_use_subcommand -a remove -d 'take articles out of an archive'
complete -c morgue-indexer -n __fish_use_subcommand -a optimize -d 'make the index one segment'
complete -c morgue-indexer -n __fish_use_subcommand -a verify -d 'check the archive'
complete -c morgue-indexer -n __fish_use_subcommand -a rebuild -d 'make the index anew'
complete -c morgue-indexer -n __fish_use_subcommand -a snapshot -d 'copy the archive'
complete -c morgue-indexer -n __fish_use_subcommand -a stats -d 'say what it holds'
complete -c morgue-indexer -n __fish_use_subcommand -a dump -d 'print what the index holds'
complete -c morgue-indexer -n __fish_use_subcommand -a help -d 'explain a topic'
complete -c morgue-indexer -n '__fish_seen_subcommand_from help' -a 'add archive dump errors exit formats map optimize rebuild remove seal snapshot stats tracing update verify'
complete -c morgue-indexer -n '__fish_seen_subcommand_from add remove update seal optimize verify rebuild snapshot stats dump; and __morgue_unnamed' -a '(__morgue_archives)'
complete -c morgue-indexer -n '__fish_seen_subcommand_from add; and not __morgue_unnamed' -F
complete -c morgue-indexer -s f -l format -x -a 'text jsonl reuters' -d 'format of the input'
complete -c morgue-indexer -s m -l map -x -d 'where fields lie in JSON'
complete -c morgue-indexer -s l -l lang -x -d 'language of the words' -a 'arabic armenian basque catalan danish dutch english finnish french german greek hindi hungarian indonesian irish italian lithuanian nepali norwegian porter portuguese romanian russian serbian spanish swedish tamil turkish yiddish none'
complete -c morgue-indexer -s e -l errors -r -F -d 'collect rejected input in a file'
complete -c morgue-indexer -n '__fish_seen_subcommand_from verify' -l deep -d 'not only checksums'
complete -c morgue-indexer -n '__fish_seen_subcommand_from stats' -l json -d 'one line of JSON'
complete -c morgue-indexer -s j -l jobs -x -d 'threads that prepare articles'
complete -c morgue-indexer -l memory -x -d 'memory to work in, as 512M or 2G'
complete -c morgue-indexer -n '__fish_seen_subcommand_from optimize' -l purge -d 'leave no byte of what was removed'
complete -c morgue-indexer -n '__fish_seen_subcommand_from remove' -s n -l dry-run -d 'only list what would go'
complete -c morgue-indexer -n '__fish_seen_subcommand_from remove' -l source -x -d 'all articles of a source'
complete -c morgue-indexer -n '__fish_seen_subcommand_from remove' -l path -r -F -d 'all articles of a file or directory'
complete -c morgue-indexer -n '__fish_seen_subcommand_from remove' -l query -x -d 'all hits of a question'
complete -c morgue-indexer -l wait -x -d 'seconds to wait for another indexer that is writing'
complete -c morgue-indexer -l headline-weight -x -d 'what a headline word counts'
complete -c morgue-indexer -n '__fish_seen_subcommand_from add update' -l again -d 'read unchanged files, too'
complete -c morgue-indexer -n '__fish_seen_subcommand_from update' -l forget -d 'drop paths that are gone'
complete -c morgue-indexer -l store -x -a 'fast small' -d 'how texts are stored'
complete -c morgue-indexer -n '__fish_seen_subcommand_from dump' -l blocks -x -d 'at most so many blocks of a list'
complete -c morgue-indexer -n '__fish_seen_subcommand_from dump' -l headline -d 'the words of headlines'
complete -c morgue-indexer -n '__fish_seen_subcommand_from dump' -l raw -d 'the word is a term as it is'
complete -c morgue-indexer -s a -l archive -x -a '(__morgue_archives)' -d 'the archive'
complete -c morgue-indexer -s q -l quiet -d 'only errors and rejected input'
complete -c morgue-indexer -s h -l help -d 'a short help'
complete -c morgue-indexer -s V -l version -d 'the version'

set -l search 'not __fish_seen_subcommand_from show suggest; and test (count (__morgue_named)) -eq 0' # what follows the archive is the question
complete -c morgue-query -f
complete -c morgue-query -n __fish_use_subcommand -a show -d 'show articles'
complete -c morgue-query -n __fish_use_subcommand -a suggest -d 'spellings that an archive has'
complete -c morgue-query -n __fish_use_subcommand -a search -d search
complete -c morgue-query -n __fish_use_subcommand -a help -d 'explain a topic'
complete -c morgue-query -n '__fish_seen_subcommand_from help' -a 'archive batch dates exit fields json near patterns scoring scripts show suggest syntax tracing'
complete -c morgue-query -n 'not __fish_seen_subcommand_from help; and __morgue_unnamed' -a '(__morgue_archives)'
complete -c morgue-query -n $search -s n -l limit -x -d 'hits to print'
complete -c morgue-query -n $search -l offset -x -d 'hits to leave out first'
complete -c morgue-query -n $search -s s -l sort -x -a 'relevance newest oldest' -d 'order of the hits'
complete -c morgue-query -n $search -s c -l count -d 'only the number of articles'
complete -c morgue-query -n $search -s l -l numbers -d 'only the numbers of the hits'
complete -c morgue-query -n $search -l any -d 'rank by any of the words'
complete -c morgue-query -n $search -s F -l literal -d 'no operators, only words'
complete -c morgue-query -n $search -l dialect -x -a 'morgue lexis factiva' -d 'whose rules the question follows'
complete -c morgue-query -n $search -l today -x -d 'what date:last-30d counts from'
complete -c morgue-query -n $search -l batch -r -F -d 'a file of questions, one a line'
complete -c morgue-query -n $search -l k1 -x -d 'parameter of the ranking'
complete -c morgue-query -n $search -l b -x -d 'parameter of the ranking'
complete -c morgue-query -n $search -l explain -d 'how the question is understood'
complete -c morgue-query -n $search -l explain-score -x -d 'how an article comes by its score'
complete -c morgue-query -n '__fish_seen_subcommand_from suggest' -s n -l limit -x -d 'spellings for each word'
complete -c morgue-query -n '__fish_seen_subcommand_from show' -l furniture -d 'show page furniture too'
complete -c morgue-query -n '__fish_seen_subcommand_from show' -l revision -x -d 'an older text, by its number'
complete -c morgue-query -n '__fish_seen_subcommand_from show' -l diff -d 'what changed from the text before'
complete -c morgue-query -l json -d 'JSON lines'
complete -c morgue-query -l color -x -a 'auto always never' -d colour
complete -c morgue-query -s a -l archive -x -a '(__morgue_archives)' -d 'the archive'
complete -c morgue-query -s h -l help -d 'a short help'
complete -c morgue-query -s V -l version -d 'the version'
