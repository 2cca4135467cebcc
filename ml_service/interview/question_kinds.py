"""Kinds of questions that interviewers ask, and how answers to them tend to speak.

Both are invented for this purpose. The encoder compares what was said with them, so a question
that begins "Tell me about ..." is known to ask for a weakness, and an answer that never repeats
its words is still recognised.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QuestionKind:
    name: str
    asked: tuple[str, ...]
    answered: tuple[str, ...]


KINDS = (
    QuestionKind(
        name="greeting",
        asked=(
            "How are you doing today?",
            "Hi, how are you?",
            "How is your day going?",
            "Did you find the place all right?",
        ),
        answered=(
            "I'm doing well, thanks, how are you?",
            "Pretty good, thank you.",
            "I'm fine, a bit tired today.",
            "Good, it was easy to find.",
            "I'm okay, a little nervous.",
            "Not bad, it has been a long week.",
            "Great, how about you?",
        ),
    ),
    QuestionKind(
        name="background",
        asked=(
            "Please tell me about yourself.",
            "Tell me about your background.",
            "Walk me through your resume.",
            "Could you introduce yourself?",
        ),
        answered=(
            "I am a student in my third year, I study engineering and I minor in another subject.",
            "I grew up in a small town and then moved here for university.",
            "I have five years of experience and currently work as an analyst at a company.",
            (
                "My interests are in research, and outside class I play sport and music and "
                "belong to a club."
            ),
            "I studied at university, my major was science, and then I did an internship.",
            "I'm a junior studying computer science.",
            "I am majoring in mechanical engineering and I'm from California.",
            "I'm a senior at university, and I'm interested in biology and design.",
            "My family comes from another country and I was born there.",
            "Last summer I worked in a lab and took classes in mathematics.",
            "I got interested in this subject when I took a class in school.",
        ),
    ),
    QuestionKind(
        name="leadership",
        asked=(
            "Tell me about a time you demonstrated leadership.",
            "Do you think you are a leader? Why?",
            "Describe how you led other people.",
            "What is your leadership style?",
        ),
        answered=(
            "I was the president of a club and organised its members and its events.",
            "I was captain of the team and motivated the others.",
            "As a leader I listen to everybody, delegate tasks and make sure that things get done.",
            "I took charge of the group, planned the meetings and told people what to do.",
            "I think I am a leader because people look to me and I set an example.",
            "I'm the editor of the paper, and I assign stories and run the section.",
            "I lead house meetings every week and solve problems between people.",
            "I coached younger kids and set up the events.",
            (
                "I was in charge of the project, so I decided what had to be done and gave "
                "everybody a role."
            ),
            "I taught a class of children in a summer program and had to lead the other teachers.",
            (
                "I think I have good leadership qualities, because I communicate well and take "
                "initiative."
            ),
            "I prefer to be a follower, but I step up when nobody else does.",
        ),
    ),
    QuestionKind(
        name="conflict in a team",
        asked=(
            (
                "Tell me about a time you worked in a team and faced a challenge. How did you "
                "solve it?"
            ),
            (
                "Do you consider yourself a team player? Give an example of a conflict in your "
                "team that you resolved."
            ),
            "Tell me about a disagreement with a colleague.",
            "How do you deal with a difficult co-worker?",
        ),
        answered=(
            "One team member did not do his share of the work, so we talked to him about it.",
            (
                "Two people on the project disagreed about the design, and we discussed both "
                "ideas and compromised."
            ),
            (
                "In a class project our group had trouble agreeing, so we sat down together and "
                "divided the tasks."
            ),
            "There was a conflict between members of the team and I tried to mediate.",
            (
                "We were behind the deadline, our part did not work, and we stayed late together "
                "and solved it."
            ),
            (
                "We had trouble coordinating and meeting because everybody was busy, so we made a"
                " schedule."
            ),
            (
                "One person wanted to do it one way and another person wanted something else, and"
                " in the end we voted."
            ),
            "Yes, I am a team player; in my lab group we argued about the approach.",
            "I worked in a group on a project for a class, and somebody did not show up.",
            "I listened to both sides and tried to find a solution that everybody was happy with.",
            (
                "The robot we were building did not work before the competition, so we had to "
                "redesign it together."
            ),
        ),
    ),
    QuestionKind(
        name="weakness",
        asked=(
            "What is your greatest weakness and what do you do to overcome it?",
            "Tell me one of your weaknesses.",
            "If you could change one thing about yourself, what would it be?",
            "What would you like to improve about yourself?",
        ),
        answered=(
            "My weakness is that I procrastinate, and I try to manage my time better.",
            "I take on too many things at once and find it hard to say no.",
            "I am shy and nervous when speaking in public, so I practise.",
            "I would change that I am a perfectionist and worry about details.",
            "I sometimes get distracted and disorganised, I am working on it with a calendar.",
            "I wish I were more confident, more patient and more outgoing.",
            "I have trouble speaking in front of people.",
            "I would change how I manage my time.",
            "I'm not very good at asking for help, so I have been trying to do it more.",
            "I tend to overthink and to be too hard on myself.",
            "I am not very experienced yet, but I try to overcome that by studying.",
            "I'd like to be taller and more athletic.",
        ),
    ),
    QuestionKind(
        name="why you",
        asked=(
            "Why do you think we should hire you?",
            "Why should you get this job?",
            "What makes you the right person for this position?",
            "Think of a job you would like. Why should they take you?",
        ),
        answered=(
            "I should get the job because I am hard working, motivated and learn quickly.",
            "I have the skills and the experience that this position needs.",
            "I would be a good fit for your company and a valuable addition to the team.",
            "I am passionate about this field and would contribute a lot to your company.",
            "My background and my work ethic make me a strong candidate for this position.",
            "You should hire me because I bring energy and engineering experience.",
            "Because I'm excited to work at your company and motivated to do this.",
            "I'm very interested in what your company is doing, and this is what I want to do.",
            "Compared to the others I show more initiative and have the technical knowledge.",
            "I'm a reliable person, I finish what I start and I work well with others.",
            "I think that I have a unique combination of skills from my studies and research.",
            "I would work really hard and I love to learn new things.",
        ),
    ),
    QuestionKind(
        name="wanted job",
        asked=(
            "Think of a job that you would like to have. Do you have one in mind?",
            "What kind of job are you looking for?",
            "Where do you see yourself in five years?",
            "What are your career goals?",
        ),
        answered=(
            "I would like to work as an engineer at a software company.",
            "I want to become a doctor, so I plan to go to medical school.",
            "In five years I would like to lead a team or do a doctorate.",
            "I am looking for a summer internship in finance or consulting.",
            "Yes, I have one in mind.",
            "I'd like to be a product designer or a research scientist.",
            "Probably a position in management consulting.",
        ),
    ),
    QuestionKind(
        name="why us",
        asked=(
            "Why do you want to work here?",
            "Why did you apply for this position?",
            "What do you know about our company?",
        ),
        answered=(
            "I admire your products and your mission, and I want to work on them.",
            "I applied because this role matches what I like to do.",
            "I read about your company and its culture appeals to me.",
        ),
    ),
    QuestionKind(
        name="strength",
        asked=(
            "What are your strengths?",
            "What are you good at?",
            "How would your friends describe you?",
        ),
        answered=(
            "My strength is that I am organised and reliable.",
            "My friends would say that I am friendly, curious and dependable.",
            "I am good at analysing problems and at explaining things.",
        ),
    ),
    QuestionKind(
        name="achievement",
        asked=(
            "Tell me about an accomplishment that you are proud of.",
            "Tell me about a project you worked on.",
            "What did you do in your last job?",
        ),
        answered=(
            "I am most proud of a project that I built from scratch and that people use.",
            "In my last job I was responsible for the reports and improved how they were made.",
            "We built a prototype, tested it and presented it to the customer.",
        ),
    ),
    QuestionKind(
        name="failure",
        asked=(
            "Tell me about a time you failed.",
            "Tell me about a mistake you made and what you learned.",
        ),
        answered=(
            "I made a mistake, it broke something, and I told my manager and fixed it.",
            "I failed the exam because I did not prepare, and I learned to start earlier.",
        ),
    ),
    QuestionKind(
        name="pressure",
        asked=(
            "How do you handle stress and tight deadlines?",
            "How do you prioritise your work?",
            "Tell me about a time you had too much to do.",
        ),
        answered=(
            "I make a list, put the most urgent first and finish one task after the other.",
            "Under pressure I stay calm, and I take breaks and exercise.",
            "The deadline was moved forward, so I cut the scope and asked for help.",
        ),
    ),
    QuestionKind(
        name="technical problem",
        asked=(
            "How would you design this system?",
            "How did you find and fix the bug?",
            "Explain how this works.",
            "How would you solve this technical problem?",
            "Which tools and technologies did you use?",
        ),
        answered=(
            (
                "I would split it into services, put a cache in front of the database and measure"
                " the latency."
            ),
            "I looked at the logs, reproduced the error, found the cause and wrote a test.",
            "We used Python and SQL, and chose this algorithm because it was faster.",
            "The trade-off is between speed and memory.",
        ),
    ),
    QuestionKind(
        name="customer",
        asked=(
            "Tell me about a difficult customer.",
            "How do you deal with an angry client?",
        ),
        answered=(
            (
                "The customer was angry because of a late delivery, so I listened, apologised and"
                " offered a solution."
            ),
        ),
    ),
    QuestionKind(
        name="leaving",
        asked=(
            "Why did you leave your last job?",
            "Why are you looking for a new job?",
        ),
        answered=(
            "I left because the contract ended and I wanted to learn something new.",
            "There was no room to grow at my last company.",
        ),
    ),
    QuestionKind(
        name="interests",
        asked=(
            "What do you do in your free time?",
            "Any hobbies, activities or interests?",
            "What do you do outside of school or work?",
        ),
        answered=(
            "In my free time I play sports, dance, read and travel.",
            "I play in a band and volunteer at a club.",
            "I like hiking and cooking with my friends.",
        ),
    ),
    QuestionKind(
        name="terms",
        asked=(
            "What are your salary expectations?",
            "When could you start?",
            "Would you relocate?",
        ),
        answered=(
            "I expect a salary in line with the market.",
            "I could start in a month, after my notice period.",
            "Yes, I would be willing to move.",
        ),
    ),
    QuestionKind(
        name="questions",
        asked=(
            "Do you have any questions for me?",
            "Is there anything you would like to add?",
            "Thank you for coming.",
        ),
        answered=(
            "Yes, what does a typical day look like?",
            "No, I think that is everything, thank you.",
            "Thank you very much for your time.",
            "That's all, thanks for having me.",
            "You're welcome, have a good day.",
        ),
    ),
)
