using Verb.Actors.Nodes;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Tests.Nodes;

public sealed class QuestionTests
{
    private static readonly Answer Full = Answer.Refused(CommandError.Overloaded);

    private ShardEntry _at = ShardEntry.Alone;
    private bool _isReached = true;

    [Fact]
    public void A_refusal_of_what_was_asked_once_stands()
    {
        var question = Ask();
        question.TellAgain().ShouldBeNull("nothing moved");
        question.Judge(Full).ShouldBe(Full);
    }

    [Fact]
    public void An_owner_that_is_full_does_not_know_what_an_earlier_one_did()
    {
        var question = Ask();
        Move();
        question.TellAgain().ShouldBeNull();
        question.Judge(Full).Error!.Code.ShouldBe(ErrorCode.Internal);
        question.Judge(Answer.Done).ShouldBe(Answer.Done);
    }

    [Fact]
    public void What_reached_nobody_yet_is_refused_as_what_was_asked_once()
    {
        _isReached = false;
        var question = Ask();
        Move();
        _isReached = true;
        question.TellAgain().ShouldBeNull();
        question.Judge(Full).ShouldBe(Full);
    }

    private Question Ask()
    {
        var question = new Question(() => _at, _ => _isReached, mayRepeat: true);
        question.Tell();
        return question;
    }

    private void Move() => _at = _at with { Version = _at.Version + 1 };
}
