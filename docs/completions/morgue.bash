# bash completion for morgue-indexer and morgue-query; installed under both names.

# Read the command line up to the cursor. $1 is a pattern of the options that take a value,
# the rest are the program's commands. Sets $cur and $prev ("--option=value" counts as two
# words), $command, $named: how many words but options and command there are, and $given:
# not empty if an option or $MORGUE names the archive.
_morgue_words() {
	local valued=$1 word i
	shift
	cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [[ $cur == = ]]; then
		cur=
	elif [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	command= named=0 given=${MORGUE-}
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		-?*)
			[[ $word == -a || $word == --archive ]] && given=$word
			[[ $word =~ ^($valued)$ ]] && i=$((i + 1))
			[[ ${COMP_WORDS[i]} == = ]] && i=$((i + 1))
			;;
		*)
			if [[ -z $command && $named -eq 0 && " $* " == *" $word "* ]]; then
				command=$word
			else
				named=$((named + 1))
			fi
			;;
		esac
	done
}

_morgue_choose() { # WORDS: those that begin with $cur
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

# Directories that are archives; where there are none, directories that may lead to one.
_morgue_archives() {
	local all archives=() directory
	mapfile -t all < <(compgen -d -- "$cur")
	for directory in "${all[@]}"; do
		[[ -e ${directory/#\~/$HOME}/catalog.db ]] && archives+=("$directory")
	done
	[[ ${#archives[@]} -gt 0 ]] || archives=("${all[@]}")
	COMPREPLY+=("${archives[@]}")
	compopt -o filenames 2>/dev/null
}

_morgue_indexer() {
	local cur prev command named given
	COMPREPLY=()
	_morgue_words '-[fmlaej]|--format|--map|--lang|--errors|--headline-weight|--store|--wait|--jobs|--memory|--blocks|--source|--path|--query|--archive' add remove update seal optimize verify rebuild snapshot stats dump help
	case $prev in
	-f | --format) _morgue_choose 'text jsonl reuters' && return ;;
	-l | --lang)
		_morgue_choose 'arabic armenian basque catalan danish dutch english finnish french german
			greek hindi hungarian indonesian irish italian lithuanian nepali norwegian porter
			portuguese romanian russian serbian spanish swedish tamil turkish yiddish none'
		return
		;;
	--store) _morgue_choose 'fast small' && return ;;
	-a | --archive) _morgue_archives && return ;;
	-e | --errors | --path) mapfile -t COMPREPLY < <(compgen -f -- "$cur") && return ;;
	-m | --map | --headline-weight | --wait | -j | --jobs | --memory | --blocks | --source | --query) return ;;
	esac
	case $command:$cur in
	help:*) _morgue_choose 'add archive dump errors exit formats map optimize rebuild remove seal snapshot stats tracing update verify' ;;
	update:-*) _morgue_choose '--errors --again --forget --wait --jobs --memory --archive --quiet --help --version' ;;
	dump:-*) _morgue_choose '--blocks --headline --raw --archive --help --version' ;;
	stats:-*) _morgue_choose '--json --archive --help --version' ;;
	verify:-*) _morgue_choose '--deep --archive --quiet --help --version' ;;
	optimize:-*) _morgue_choose '--purge --wait --archive --quiet --help --version' ;;
	remove:-*) _morgue_choose '--dry-run --source --path --query --wait --archive --quiet --help --version' ;;
	*:-*)
		_morgue_choose '--format --map --lang --errors --headline-weight --store --again --wait --jobs --memory --archive --quiet --help --version'
		;;
	*)
		if [[ -z $command ]]; then
			_morgue_choose 'add remove update seal optimize verify rebuild snapshot stats dump help'
		elif [[ $named -eq 0 && -z $given ]]; then
			_morgue_archives
		elif [[ $command == add ]]; then
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			compopt -o filenames 2>/dev/null
		fi
		;;
	esac
}

_morgue_query() {
	local cur prev command named given
	COMPREPLY=()
	_morgue_words '-[nsa]|--limit|--offset|--sort|--dialect|--today|--batch|--color|--k1|--b|--explain-score|--archive' show suggest search help
	case $prev in
	-s | --sort) _morgue_choose 'relevance newest oldest' && return ;;
	--color) _morgue_choose 'auto always never' && return ;;
	--dialect) _morgue_choose 'morgue lexis factiva' && return ;;
	-a | --archive) _morgue_archives && return ;;
	--batch) mapfile -t COMPREPLY < <(compgen -f -- "$cur") && compopt -o filenames 2>/dev/null && return ;;
	-n | --limit | --offset | --today | --k1 | --b | --explain-score) return ;;
	esac
	case $command:$cur in
	help:*) _morgue_choose 'archive batch dates exit fields json near patterns scoring scripts show suggest syntax tracing' ;;
	suggest:-*) _morgue_choose '--limit --json --color --archive --help --version' ;;
	show:-*) _morgue_choose '--json --furniture --revision --diff --color --archive --help --version' ;;
	*:-*)
		[[ $named -gt 0 ]] || # all after the archive is the question
			_morgue_choose '--limit --offset --sort --count --numbers --json --any --literal --dialect --today --batch --color --k1 --b
				--explain --explain-score --archive --help --version'
		;;
	*)
		[[ $COMP_CWORD -gt 1 ]] || _morgue_choose 'show suggest search help'
		[[ $named -gt 0 || -n $given ]] || _morgue_archives
		;;
	esac
}

complete -F _morgue_indexer morgue-indexer
complete -F _morgue_query morgue-query
