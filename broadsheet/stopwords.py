"""Words that say nothing about a story's subject, by language: left out of what Recommended compares."""

from __future__ import annotations

from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOPWORDS: Mapping[str, frozenset[str]] = {
    "en": _words("""
        a about above after again against ago all almost along already also although always am among an and
        another any are aren around as at away back be became because become been before being below best
        better between both but by can cannot could couldn did didn do does doesn doing don done down during
        each either else enough even ever every few first for from full further get gets getting give given go
        goes going gone good got great had hadn has hasn have haven having he her here hers herself him
        himself his how however http https if in instead into is isn it its itself just keep know last later
        least less let like ll long look made make makes making many may maybe me might mine more most much
        must my myself near need needs neither never new next no nor not nothing now of off often on once one
        only onto or other others our ours ourselves out over own part per perhaps put quite rather re read
        really said same saw say says see seen several shall she should shouldn since so some something soon
        still such take taken than that the their theirs them themselves then there these they thing things
        think this those though three through thus to together too took toward two under until up upon us use
        used uses using ve very via want wants was wasn way ways we well went were weren what when where
        whether which while who whole whom whose why will with within without won would wouldn www yes yet you
        your yours yourself
    """),
    "tr": _words("""
        acaba ama ancak artık aslında az bana bazı belki ben benim beri bile bir biraz birçok biri birkaç biz
        bize bizim böyle bu buna bunda bundan bunlar bunu bunun burada bütün çok çünkü da daha dan de defa
        değil den diğer diye dolayı dün edecek eden eder edildi edilen en etmek etti fakat gibi göre hala
        hangi hatta hem henüz hep hepsi her herhangi hiç hiçbir için ile ilgili ın içinde in ise işte ki kadar
        karşı kendi kez kim kimse mi mı mu mü nasıl ne neden nedenle nerede niye nın nin nun nün o olan olarak
        oldu olduğu olduğunu olmak olması olsa olup olur olacak ona ondan onlar onu onun oysa pek rağmen
        sadece sanki sen siz sonra söyledi su şey şimdi şöyle şu ta tan tarafından te ten tüm un ün üzere
        üzerinde var ve veya ya yani yapılan yapmak yaptı ye yeni yerine yi yı yine yok yu yü zaten http https
        www
    """),
    "ar": _words("""
        في من على إلى عن مع هذا هذه ذلك تلك التي الذي الذين اللذين اللتين ما لا لم لن إن أن أو ثم قد كان كانت
        يكون تكون كل بعض غير بين بعد قبل عند منذ حتى حيث هو هي هم هن نحن أنا أنت كما لكن لكنه لكنها بل أي أيضا
        إذا إذ فقط خلال ضد حول دون أما ليس ليست وقد وفي ومن وعلى وإلى وهو وهي ولا ولم وكان وكانت وأن وإن به
        بها له لها لهم فيه فيها منه منها عليه عليها إليه إليها عنه عنها عام اليوم أمس غدا قال قالت وقال وقالت
        أكد أكدت مما لدى نحو أكثر أقل جدا ذات كذلك هناك هنا عبر يوم بشأن بسبب http https www
    """),
}
