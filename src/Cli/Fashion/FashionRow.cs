namespace Speedup.Cli.Fashion;

/// <summary>A network, pruned in one way.</summary>
/// <param name="Network">The network.</param>
/// <param name="Pruner">The pruner.</param>
/// <param name="DenseAccuracy">The part of the test images that the trained model is right about.</param>
/// <param name="MaskedAccuracy">The same of the masked model.</param>
/// <param name="SmallAccuracy">The same of the small model.</param>
/// <param name="TunedAccuracy">The same after training went on with the small model.</param>
/// <param name="LogitError">The largest difference of a logit between masked and small model, relative to the largest logit.</param>
/// <param name="ParametersBefore">Parameters of the dense model.</param>
/// <param name="ParametersAfter">Parameters of the small model.</param>
/// <param name="MacsBefore">Multiply-accumulates of the dense model for one image.</param>
/// <param name="MacsAfter">The same of the small model.</param>
/// <param name="DenseMilliseconds">Median time of a pass of the dense model, one image.</param>
/// <param name="SmallMilliseconds">The same of the small model; passes of both take turns.</param>
internal sealed record FashionRow(
    string Network,
    string Pruner,
    double DenseAccuracy,
    double MaskedAccuracy,
    double SmallAccuracy,
    double TunedAccuracy,
    double LogitError,
    long ParametersBefore,
    long ParametersAfter,
    long MacsBefore,
    long MacsAfter,
    double DenseMilliseconds,
    double SmallMilliseconds
);
