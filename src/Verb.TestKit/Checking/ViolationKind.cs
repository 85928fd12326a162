namespace Verb.TestKit.Checking;

/// <summary>What a hub promised and did not keep.</summary>
internal enum ViolationKind
{
    /// <summary>An acknowledged message is in no history, or a member that should have it has not.</summary>
    Lost,

    /// <summary>A message is stored twice, or told twice to a member.</summary>
    Duplicate,

    /// <summary>A message that was acknowledged before another was sent stands behind it.</summary>
    Reorder,

    /// <summary>A number was skipped.</summary>
    Gap,

    /// <summary>Two different messages under one number.</summary>
    Conflict,

    /// <summary>A message that nobody sent, or that came where it does not belong.</summary>
    Stray,

    /// <summary>A user is named as a member and is gone.</summary>
    Ghost,

    /// <summary>A member is not named as one.</summary>
    Missing,

    /// <summary>A command has no answer, or two, or a member stays behind.</summary>
    Stuck,

    /// <summary>A durable room's history was given up: another epoch, or <c>recovered:false</c> although it reaches back.</summary>
    HistoryLost,

    /// <summary>An actor failed over a bug.</summary>
    Failure,

    /// <summary>Something is left that nobody needs any more.</summary>
    Leak,
}
