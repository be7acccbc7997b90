import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks._kernels import IDLE, OTHER, Kernel, by_kind, kind

TIMES = st.tuples(st.integers(0, 100), st.integers(1, 20))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sm90_xmma_fprop_implicit_gemm_bf16bf16_bf16f32_f32_nhwckrsc_nhwc", "convolutions"),
        ("cutlass__5x_cudnn::Kernel<cutlass_tensorop_bf16_s16816dgrad_optimized_bf16>", "convol"),
        ("nvjet_tst_128x64_64x11_4x1_v_bz_TNT", "convolutions"),
        ("triton_red_fused__native_batch_norm_legit_functional_convolution_3", "normalisation"),
        ("void cudnn::bn_fw_tr_1C11_kernel_NCHW<float, float, int, 512>", "normalisation"),
        ("triton_poi_fused_add_convolution_relu_12", "elementwise"),
        ("void at::native::vectorized_elementwise_kernel<4, at::native::FillFunctor>", "elementw"),
        ("void at::native::upsample_bilinear2d_out_frame<c10::BFloat16>", "resizing"),
        ("at::native::multi_tensor_apply_kernel<FusedAdamMathFunctor<float, 4>>", "optimizer"),
        ("Memcpy DtoD (Device -> Device)", "copies"),
        ("void cudnn::ops::nchwToNhwcKernel<__nv_bfloat16>", "copies"),
        ("what_is_this", OTHER),
    ],
)
def test_kinds_of_kernels_by_name(name, expected):
    assert kind(name).startswith(expected)


@given(st.lists(TIMES, min_size=1))
def test_busy_and_idle_time_make_up_the_whole(times):
    kernels = [Kernel("gemm", start, start + length) for start, length in times]
    found = by_kind(kernels)
    assert sum(found.values()) - found[IDLE] == sum(length for _, length in times)
    whole = max(one.end for one in kernels) - min(one.start for one in kernels)
    covered = {moment for one in kernels for moment in range(int(one.start), int(one.end))}
    assert found[IDLE] == whole - len(covered)
