"""What the two demo audiobooks say: first sentences of chapters, public domain.

"The Time Machine" by H. G. Wells (1895) and "A Tale of Two Cities" by Charles
Dickens (1859). Each entry is a chapter's title and the words that are spoken.
"""

from typing import Final

TIME_MACHINE: Final = (
    (
        "Introduction",
        "The Time Traveller, for so it will be convenient to speak of him, was"
        " expounding a recondite matter to us. His pale grey eyes shone and twinkled,"
        " and his usually pale face was flushed and animated. The fire burnt brightly,"
        " and the soft radiance of the incandescent lights in the lilies of silver"
        " caught the bubbles that flashed and passed in our glasses.",
    ),
    (
        "The Machine",
        "The thing the Time Traveller held in his hand was a glittering metallic"
        " framework, scarcely larger than a small clock, and very delicately made."
        " There was ivory in it, and some transparent crystalline substance.",
    ),
    (
        "The Time Traveller Returns",
        "I think that at that time none of us quite believed in the Time Machine."
        " The fact is, the Time Traveller was one of those men who are too clever to"
        " be believed: you never felt that you saw all round him.",
    ),
    (
        "Time Travelling",
        "I told some of you last Thursday of the principles of the Time Machine, and"
        " showed you the actual thing itself, incomplete in the workshop. There it is"
        " now, a little travel-worn, truly; and one of the ivory bars is cracked, and"
        " a brass rail bent; but the rest of it's sound enough.",
    ),
    (
        "In the Golden Age",
        "In another moment we were standing face to face, I and this fragile thing"
        " out of futurity. He came straight up to me and laughed into my eyes. The"
        " absence from his bearing of any sign of fear struck me at once.",
    ),
    (
        "The Sunset of Mankind",
        "A queer thing I soon discovered about my little hosts, and that was their"
        " lack of interest. They would come to me with eager cries of astonishment,"
        " like children, but like children they would soon stop examining me, and"
        " wander away after some other toy.",
    ),
    (
        "A Sudden Shock",
        "As I stood there musing over this too perfect triumph of man, the full moon,"
        " yellow and gibbous, came up out of an overflow of silver light in the"
        " north-east.",
    ),
    (
        "Explanation",
        "So far as I could see, all the world displayed the same exuberant richness"
        " as the Thames valley. From every hill I climbed I saw the same abundance of"
        " splendid buildings, endlessly varied in material and style.",
    ),
    (
        "The Morlocks",
        "It may seem odd to you, but it was two days before I could follow up the"
        " new-found clue in what was manifestly the proper way. I felt a peculiar"
        " shrinking from those pallid bodies.",
    ),
    (
        "When Night Came",
        "Now, indeed, I seemed in a worse case than before. Hitherto, except during"
        " my night's anguish at the loss of the Time Machine, I had felt a sustaining"
        " hope of ultimate escape, but that hope was staggered by these new"
        " discoveries.",
    ),
    (
        "The Palace of Green Porcelain",
        "I found the Palace of Green Porcelain, when we approached it about noon,"
        " deserted and falling into ruin. Only ragged vestiges of glass remained in"
        " its windows.",
    ),
    (
        "In the Darkness",
        "We emerged from the palace while the sun was still in part above the"
        " horizon. I was determined to reach the White Sphinx early the next morning.",
    ),
    (
        "The Trap of the White Sphinx",
        "About eight or nine in the morning I came to the same seat of yellow metal"
        " from which I had viewed the world upon the evening of my arrival.",
    ),
    (
        "The Further Vision",
        "I have already told you of the sickness and confusion that comes with time"
        " travelling. And this time I was not seated properly in the saddle, but"
        " sideways and in an unstable fashion.",
    ),
    (
        "The Time Traveller\u2019s Return",
        "So I came back. For a long time I must have been insensible upon the"
        " machine. The blinking succession of the days and nights was resumed, the"
        " sun got golden again, the sky blue. I breathed with greater freedom.",
    ),
)

TWO_CITIES: Final = (
    (
        "Opening Credits",
        "A Tale of Two Cities, by Charles Dickens. Book the First. Recalled to Life.",
    ),
    (
        "The Period",
        "It was the best of times, it was the worst of times, it was the age of"
        " wisdom, it was the age of foolishness, it was the epoch of belief, it was"
        " the epoch of incredulity, it was the season of Light, it was the season of"
        " Darkness.",
    ),
    (
        "The Mail",
        "It was the Dover road that lay, on a Friday night late in November, before"
        " the first of the persons with whom this history has business.",
    ),
    (
        "The Night Shadows",
        "A wonderful fact to reflect upon, that every human creature is constituted"
        " to be that profound secret and mystery to every other.",
    ),
    (
        "The Preparation",
        "When the mail got successfully to Dover, in the course of the forenoon, the"
        " head drawer at the Royal George Hotel opened the coach door as his custom"
        " was.",
    ),
    (
        "The Wine-shop",
        "A large cask of wine had been dropped and broken, in the street. The"
        " accident had happened in getting it out of a cart.",
    ),
    (
        "The Shoemaker",
        "Good day! said Monsieur Defarge, looking down at the white head that bent"
        " low over the shoemaking. It was raised for a moment, and a very faint voice"
        " responded to the salutation, as if it were at a distance: Good day!",
    ),
)
