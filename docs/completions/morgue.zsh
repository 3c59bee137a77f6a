#compdef morgue-indexer morgue-query
# zsh completion for morgue-indexer and morgue-query; installed as _morgue.

# Directories that are archives; where there are none, directories that may lead to one.
_morgue_archives() {
	local expl
	local -a archives=(${(Q)PREFIX}*/catalog.db(N:h))
	_wanted archives expl archive compadd -q -S ' ' -a archives || _files -/
}

_morgue_indexer() {
	local -a named
	local languages='arabic armenian basque catalan danish dutch english finnish french german greek
		hindi hungarian indonesian irish italian lithuanian nepali norwegian porter portuguese
		romanian russian serbian spanish swedish tamil turkish yiddish none'

	named=('2:archive:_morgue_archives')
	[[ -n $MORGUE || -n ${words[(r)-a]}${words[(r)--archive*]} ]] && named=()
	if [[ $words[2] == help && CURRENT -gt 2 ]]; then
		_values topic add archive dump errors exit formats map optimize rebuild remove seal snapshot stats tracing update verify
		return
	elif [[ $words[2] == dump && CURRENT -gt 2 ]]; then
		shift words
		((CURRENT--))
		_morgue_dump
		return
	elif [[ $words[2] == remove && CURRENT -gt 2 ]]; then
		shift words
		((CURRENT--))
		_morgue_remove
		return
	fi
	_arguments -s -S \
		'(-f --format)'{-f+,--format=}'[format of the input]:format:(text jsonl reuters)' \
		'(-m --map)'{-m+,--map=}'[where fields lie in JSON]:FIELD=NAME,...: ' \
		'(-l --lang)'{-l+,--lang=}"[language of the words]:language:($languages)" \
		'(-e --errors)'{-e+,--errors=}'[collect rejected input in a file]:file:_files' \
		'--headline-weight=[what a headline word counts]:number: ' \
		'--store=[how texts are stored]:how:(fast small)' \
		'--deep[verify\: not only checksums]' \
		'--json[stats\: one line of JSON]' \
		'--again[read unchanged files, too]' \
		'--forget[update: drop paths that are gone]' \
		'(-j --jobs)'{-j+,--jobs=}'[threads that prepare articles]:number: ' \
		'--memory=[memory to work in, as 512M or 2G]:size: ' \
		'--purge[optimize: leave no byte of what was removed]' \
		'--wait=[wait for another indexer that is writing]:seconds: ' \
		'(-a --archive)'{-a+,--archive=}'[the archive]:archive:_morgue_archives' \
		'(-q --quiet)'{-q,--quiet}'[only errors and rejected input]' \
		'(- *)'{-h,--help}'[a short help]' \
		'(- *)'{-V,--version}'[the version]' \
		'1:command:((add\:"add articles to an archive" remove\:"take articles out of an archive" update\:"add what is new where articles came from" seal\:"move the newest articles into a segment" optimize\:"make the index one segment" verify\:"check the archive" rebuild\:"make the index anew" snapshot\:"copy the archive" stats\:"say what it holds" dump\:"print what the index holds" help\:"explain a topic"))' \
		$named \
		'*:articles:_files'
}

_morgue_dump() {
	_arguments -s -S \
		'--blocks=[at most so many blocks of a list]:number: ' \
		'--headline[the words of headlines]' \
		'--raw[the word is a term as it is]' \
		'(-a --archive)'{-a+,--archive=}'[the archive]:archive:_morgue_archives' \
		'(- *)'{-h,--help}'[a short help]' \
		'(- *)'{-V,--version}'[the version]' \
		'1:archive:_morgue_archives' \
		'*:word: '
}

_morgue_remove() {
	_arguments -s -S \
		'(-n --dry-run)'{-n,--dry-run}'[only list what would go]' \
		'(--path --query)--source=[all articles of a source]:source: ' \
		'(--source --query)--path=[all articles of a file or directory]:path:_files' \
		'(--source --path)--query=[all hits of a question]:question: ' \
		'--wait=[wait for another indexer that is writing]:seconds: ' \
		'(-a --archive)'{-a+,--archive=}'[the archive]:archive:_morgue_archives' \
		'(-q --quiet)'{-q,--quiet}'[only errors]' \
		'(- *)'{-h,--help}'[a short help]' \
		'(- *)'{-V,--version}'[the version]' \
		'1:archive:_morgue_archives' \
		'*:number: '
}

_morgue_show() {
	_arguments -s -S \
		'--json[JSON lines]' \
		'--furniture[show page furniture too]' \
		'--revision=[an older text, by its number]:number: ' \
		'--diff[what changed from the text before]' \
		'--color=[colour]:when:(auto always never)' \
		'(-a --archive)'{-a+,--archive=}'[the archive]:archive:_morgue_archives' \
		'(- *)'{-h,--help}'[a short help]' \
		'(- *)'{-V,--version}'[the version]' \
		'1:archive:_morgue_archives' \
		'*:number: '
}

_morgue_suggest() {
	_arguments -s -S \
		'(-n --limit)'{-n+,--limit=}'[spellings for each word]:number: ' \
		'--json[JSON lines]' \
		'--color=[colour]:when:(auto always never)' \
		'(-a --archive)'{-a+,--archive=}'[the archive]:archive:_morgue_archives' \
		'(- *)'{-h,--help}'[a short help]' \
		'(- *)'{-V,--version}'[the version]' \
		'1:archive:_morgue_archives' \
		'*:word: '
}

_morgue_first() {
	((CURRENT == 2)) || { _morgue_archives; return }
	_alternative 'commands:command:((show\:"show articles" suggest\:"spellings that an archive has" search\:"search" help\:"explain a topic"))' \
		'archives:archive:_morgue_archives'
}

_morgue_query() {
	if [[ $words[2] == help && CURRENT -gt 2 ]]; then
		_values topic archive batch dates exit fields json near patterns scoring scripts show suggest syntax tracing
		return
	elif [[ $words[2] == (show|suggest) && CURRENT -gt 2 ]]; then
		shift words
		((CURRENT--))
		_morgue_$words[1]
		return
	fi
	# Options end where the archive is named.
	_arguments -s -S -A '-*' \
		'(-n --limit)'{-n+,--limit=}'[hits to print]:number: ' \
		'--offset=[hits to leave out first]:number: ' \
		'(-s --sort)'{-s+,--sort=}'[order of the hits]:order:(relevance newest oldest)' \
		'(-c --count)'{-c,--count}'[only the number of articles]' \
		'(-l --numbers)'{-l,--numbers}'[only the numbers of the hits]' \
		'--json[JSON lines]' \
		'--any[rank by any of the words]' \
		'(-F --literal)'{-F,--literal}'[no operators, only words]' \
		'--dialect=[whose rules the question follows]:dialect:(morgue lexis factiva)' \
		'--today=[what date\:last-30d counts from]:day: ' \
		'--batch=[a file of questions, one a line]:file:_files' \
		'--color=[colour]:when:(auto always never)' \
		'--k1=[parameter of the ranking]:number: ' \
		'--b=[parameter of the ranking]:number: ' \
		'--explain[how the question is understood, and what its parts find]' \
		'--explain-score=[how an article comes by its score]:number: ' \
		'(-a --archive)'{-a+,--archive=}'[the archive]:archive:_morgue_archives' \
		'(- *)'{-h,--help}'[a short help]' \
		'(- *)'{-V,--version}'[the version]' \
		'1:archive or command:_morgue_first' \
		'*:words: '
}

case $service in
morgue-indexer) _morgue_indexer "$@" ;;
*) _morgue_query "$@" ;;
esac
