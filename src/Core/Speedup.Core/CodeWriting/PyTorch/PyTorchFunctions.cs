using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.PyTorch;

/// <summary>
/// Where PyTorch has the functions of TorchSharp. Most have the same place; the exceptions were found by comparing the members of TorchSharp 0.107 with those
/// of PyTorch 1.13.
/// </summary>
internal static class PyTorchFunctions
{
    /// <summary>Methods of tensors that are functions of <c>torch.nn.functional</c>.</summary>
    private static readonly HashSet<string> Functional =
    [
        .. "celu elu gelu glu hardsigmoid hardswish hardtanh leaky_relu relu6 rrelu selu silu softplus threshold".Split(' '),
    ];

    /// <summary>Methods of tensors that are functions of <c>torch</c>.</summary>
    private static readonly HashSet<string> Torch =
    [
        .. "atleast_1d atleast_2d atleast_3d binomial bucketize channel_shuffle cumulative_trapezoid empty_like full_like isin ones_like poisson".Split(
            ' '
        ),
        .. "rand_like randint_like randn_like std_mean tensordot trapezoid vander var_mean view_as_complex view_as_real zeros_like".Split(
            ' '
        ),
    ];

    /// <summary>Methods of tensors that it does not have.</summary>
    private static readonly HashSet<string> NoMethods =
    [
        .. "alias arange_out celu_ elu_ empty eye full gelu_ hardsigmoid_ hardswish_ hardtanh_ index leaky_relu_ log_sigmoid mps nonzero_as_list".Split(
            ' '
        ),
        .. "ones rand_out randint_out randn_out randperm_out relu6_ rrelu_ selu_ silu_ slice threshold_ to_type with_requires_grad zeros".Split(
            ' '
        ),
    ];

    /// <summary>Functions that it does not have.</summary>
    private static readonly HashSet<string> NoFunctions =
    [
        .. "WrappedTensorDisposeScope absolute_ add_ addbmm_ addcdiv_ addcmul_ addmm_ addr_ arctan2_ atan2_ bitwise_and_ bitwise_left_shift_".Split(
            ' '
        ),
        .. "bitwise_not_ bitwise_or_ bitwise_right_shift_ bitwise_xor_ copysign_ digamma_ div_ divide_ erfinv_ float_power_ floor_divide_ fmod_".Split(
            ' '
        ),
        .. "from_array heaviside_ index_add_ index_copy_ index_fill_ is_integral lgamma_ logical_and_ logical_or_ logical_xor_ mul_ multiply_".Split(
            ' '
        ),
        .. "mvlgamma_ nextafter_ polygamma_ pow_ rand_out randint_out randperm_out remainder_ scatter_ scatter_add_ sgn_ sign_ squeeze_ sub_".Split(
            ' '
        ),
        .. "subtract_ tril_ triu_ true_divide_ unsqueeze_ Hardshrink Hardtanh Mish SiLU Softshrink Softsign Tanhshrink Threshold softmax2d".Split(
            ' '
        ),
        .. "adaptive_avg_pool3d_backward avg_pool2d_backward avg_pool3d_backward conv1d_padding conv2d_padding conv3d_padding".Split(' '),
        .. "upsample_nearest1d upsample_nearest1d_backward upsample_nearest2d upsample_nearest2d_backward upsample_nearest3d".Split(' '),
        .. "upsample_nearest3d_backward multi_label_margin_loss".Split(' '),
    ];

    /// <summary>Where a method of tensors is; empty for a method, null where there is none.</summary>
    public static string? PlaceOfMethod(string name) =>
        NoMethods.Contains(name) ? null
        : Functional.Contains(name) ? "F"
        : Torch.Contains(name) ? "torch"
        : "";

    /// <summary>Where a function is; null where there is none.</summary>
    public static string? PlaceOf(MethodInfo function)
    {
        Type? type = function.DeclaringType;
        return NoFunctions.Contains(function.Name) ? null
            : type == typeof(torch) ? "torch"
            : type == typeof(nn.functional) ? "F"
            : type == typeof(special) ? "torch.special"
            : type == typeof(linalg) ? "torch.linalg"
            : type == typeof(fft) ? "torch.fft"
            : null;
    }
}
