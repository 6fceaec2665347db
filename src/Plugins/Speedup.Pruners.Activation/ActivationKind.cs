namespace Speedup.Pruners.Activation;

/// <summary>The activation that is applied to what a layer puts out before it is looked at.</summary>
internal enum ActivationKind
{
    Relu,
    Relu6,
    Gelu,
}
