"""Words that say the opposite of each other, words that take back what follows, and sides of a thing that are no opposites of it.

Each stands here as it is looked up; `claims` knows their other forms by their stems.
"""


def listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What happens, or how a thing stands: one is not true where the other is.
OPPOSED: tuple[tuple[str, str], ...] = (
    (
        "rise rose risen grow grew grown increase climb soar surge expand swell",
        "fall fell fallen decline decrease drop shrink shrank shrunk contract plunge slump sink sank plummet dwindle",
    ),
    ("strengthen bolster reinforce consolidate", "weaken undermine erode"),
    ("succeed success successful triumph", "fail failure failed unsuccessful founder"),
    ("win won", "lose lost"),
    ("open opened", "close closed shut sealed"),
    ("allow permit legal authorise authorize", "forbid forbade forbidden ban banned prohibit illegal outlaw"),
    ("united unanimous", "divided split"),
    ("ratify approve adopt accept endorse", "reject veto"),
    ("survive endure", "collapse crumble disintegrate"),
    ("support back favour favor welcome", "oppose resist condemn"),
    ("improve recover", "worsen deteriorate"),
    ("accelerate quicken", "slow slowed"),
    ("cheap inexpensive affordable", "expensive costly"),
    ("safe secure", "dangerous unsafe"),
    ("stable stabilise stabilize", "unstable destabilise destabilize"),
    ("clean", "polluted"),
    ("guilty convicted", "innocent acquitted"),
    ("honour honor respect observe uphold", "violate breach flout"),
    ("possible feasible", "impossible infeasible"),
    ("popular", "unpopular"),
    ("effective", "ineffective"),
    ("loyal", "disloyal"),
    ("peaceful", "violent"),
    ("voluntary voluntarily", "forced compulsory"),
    ("solvent", "insolvent bankrupt"),
    ("ready prepared", "unprepared unready"),
    ("aware", "unaware"),
    ("willing", "unwilling"),
    ("remain stay", "withdraw withdrew withdrawn leave left quit"),
    ("many numerous", "few"),
    ("arm rearm", "disarm"),
    ("deploy", "recall"),
    ("confirm", "refute disprove"),
    ("obey", "defy disobey"),
    ("reward", "punish"),
    ("advance", "retreat"),
    ("nationalise nationalize", "privatise privatize"),
    ("majority", "minority"),
    ("appease calm", "inflame"),
    ("postpone delay", "hasten"),
    ("resign", "dismiss sack"),
    ("idle", "busy"),
    ("fertile", "barren"),
    ("true", "false untrue"),
)

# Parts, places and people that have each their own: what is true of one need not be of the other.
SIDES: tuple[tuple[str, str], ...] = (
    ("export", "import"),
    ("man men male boy husband father", "woman women female girl wife mother"),
    ("urban city cities town", "rural countryside village"),
    ("young younger youth", "old older elderly"),
    ("north northern", "south southern"),
    ("east eastern", "west western"),
    ("upper", "lower"),
    ("rich wealthy", "poor"),
    ("nominal", "real"),
    ("gross", "net"),
    ("domestic", "foreign"),
    ("income revenue", "spending expenditure"),
    ("civilian", "soldier military"),
    ("birth", "death"),
    ("adult", "child children"),
    ("public", "private"),
    ("inflation", "unemployment"),
    ("first", "second third fourth fifth last final"),
    ("outbound outgoing", "inbound incoming"),
    ("immigrant immigration", "emigrant emigration"),
    ("minimum", "maximum"),
)  # fmt: skip

# What is done once, and by one: two who did it are one too many.
DONE_ONCE = listed(
    "order win propose found invent discover build write draft assassinate appoint cause create design pay finance fund"
    " trigger dismiss broker devise author compose initiate provoke spark perpetrate destroy murder depose overthrow begin"
)
# Where something is once: two places are one too many.
IN_ONE_PLACE = listed("hold headquarters base locate situate sign bury found sit bear born broker conclude negotiate place seat")

DENYING = listed("not no never nor without nobody none neither hardly nothing nowhere")
REFUSING = listed("refuse decline fail neglect")  # to do what follows
OPPOSING = listed("oppose object")  # to doing what follows

SAYING_NOTHING = listed("become come go make take give get have say tell see know think mean")  # of what was done, by themselves

IRREGULAR = {
    form: word
    for word, forms in {
        "break": "broke broken", "rise": "rose risen", "fall": "fell fallen", "grow": "grew grown", "shrink": "shrank shrunk",
        "hold": "held", "keep": "kept", "sell": "sold", "buy": "bought", "pay": "paid", "build": "built", "win": "won",
        "lose": "lost", "lead": "led", "leave": "left", "fight": "fought", "meet": "met", "make": "made", "take": "took taken",
        "give": "gave given", "write": "wrote written", "begin": "began begun", "go": "went gone", "come": "came",
        "become": "became", "say": "said", "tell": "told", "send": "sent", "spend": "spent", "stand": "stood",
        "know": "knew known", "choose": "chose chosen", "draw": "drew drawn", "see": "saw seen", "run": "ran",
        "speak": "spoke spoken", "strike": "struck", "sink": "sank sunk", "withdraw": "withdrew withdrawn",
        "forbid": "forbade forbidden", "bear": "bore born", "flee": "fled", "sit": "sat", "overthrow": "overthrew overthrown",
        "shoot": "shot", "lend": "lent", "mean": "meant", "feed": "fed", "seek": "sought", "bring": "brought",
        "catch": "caught", "teach": "taught", "think": "thought", "drive": "drove driven", "freeze": "froze frozen",
        "undergo": "underwent", "arise": "arose arisen", "die": "dying",
    }.items()
    for form in forms.split()
}  # fmt: skip
