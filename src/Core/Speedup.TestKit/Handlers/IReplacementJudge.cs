using Speedup.Abstractions;
using Speedup.TestKit.Reports;
using static TorchSharp.torch;

namespace Speedup.TestKit.Handlers;

/// <summary>Looks at what takes the place of a call, by its own outputs.</summary>
internal interface IReplacementJudge
{
    /// <summary>Judges a module.</summary>
    /// <param name="handler">The handler under test.</param>
    /// <param name="replacement">What is left of the call.</param>
    /// <param name="small">How the handler builds it; null where it has answered that the old one serves.</param>
    /// <param name="built">The module that takes the place of the old one, or the old one; null where building it has failed.</param>
    /// <returns>What is wrong, and which function is at fault; null where nothing is.</returns>
    Finding? Judge(IModuleHandler handler, IReplacement replacement, SmallModule? small, nn.Module? built);

    /// <summary>Judges the arguments of a function.</summary>
    /// <param name="handler">The handler under test.</param>
    /// <param name="replacement">What is left of the call.</param>
    /// <returns>What is wrong, and which function is at fault; null where nothing is.</returns>
    Finding? Judge(IFunctionHandler handler, IReplacement replacement);
}
