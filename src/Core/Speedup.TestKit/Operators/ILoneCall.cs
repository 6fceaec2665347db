using Speedup.Abstractions;
using Speedup.TestKit.Handlers;
using static TorchSharp.torch;

namespace Speedup.TestKit.Operators;

/// <summary>A call of a module or of a function, as one case tests it.</summary>
internal interface ILoneCall : IDisposable
{
    /// <summary>The handler, behind the kit's observer.</summary>
    IOperatorHandler Handler { get; }

    /// <summary>Whether <c>Replace</c> has built another module.</summary>
    bool IsRebuilt { get; }

    /// <summary>The call with its masks; the inputs stay as they are.</summary>
    Tensor[] Run(Tensor[] inputs);

    /// <summary>The call as the handler sees it.</summary>
    LoneOperator Describe(Tensor[] inputs, Tensor[] outputs);

    /// <summary>What looks at the replacement when it is made.</summary>
    IReplacementJudge CreateJudge(Checks.Observation seen);

    /// <summary>What takes the place of the call by the operator's plan; it gets inputs that it may write to.</summary>
    Func<Tensor[], Tensor[]> Replace(LoneOperator op);
}
