using Speedup.Abstractions;

namespace Speedup.Core.Reporting;

/// <summary>The figures of a speedup that go with a saved small model.</summary>
/// <param name="Policy">The policy for constants that was applied.</param>
/// <param name="ParametersBefore">Parameters before.</param>
/// <param name="ParametersAfter">Parameters after.</param>
/// <param name="MacsBefore">Multiply-accumulate operations of one forward pass on the example input, before.</param>
/// <param name="MacsAfter">Multiply-accumulate operations after.</param>
/// <param name="MaxRelativeError">Largest error of the verification, relative to the largest output.</param>
public sealed record SpeedupFigures(
    ConstantPolicy Policy,
    long ParametersBefore,
    long ParametersAfter,
    long MacsBefore,
    long MacsAfter,
    double MaxRelativeError
);
